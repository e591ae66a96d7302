/* SPDX-License-Identifier: EUPL-1.2 */

/* Each rule of a model has a schema that breaks only it; each limit of a value
 * has a value on both sides.  JSON is written with single quotes here. */

#include "config.h"

#include "alm-json.h"
#include "alm-model.h"

#include <math.h>
#include <string.h>

static AlmValue *
value_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  if (value == NULL)
    g_error ("%s: %s", error->message, json);

  return value;
}

static AlmModel *
model_of (const char *text)
{
  g_autoptr (AlmValue) schema = value_of (text);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  AlmModel *model = alm_model_new ("thing", schema, faults);

  if (model == NULL)
    g_error ("%s in %s", (char *) faults->pdata[0], text);
  g_assert_cmpuint (faults->len, ==, 0);

  return model;
}

/* A model with these members of properties. */
static char *
with_properties (const char *properties)
{
  return g_strdup_printf ("{'type':'object','properties':{%s}}", properties);
}

static const char tree[] =
  "{'$schema':'https://json-schema.org/draft/2020-12/schema',"
  " '$id':'https://daten.example/collections/thing/schema','type':'object',"
  " 'title':'Baum','x-alm-title':{'en':'Tree'},'x-alm-plural':{'de':'Bäume','en':'Trees'},"
  " 'x-alm-layer':'asset','x-alm-key':['number'],"
  " 'x-alm-label':'{number} {species|inspector}, {vitality}',"
  " 'x-alm-symbol':{'shape':'circle','color':'#2e7d32','size':[[12,3],[16,7],[19,11]],"
  "                 'by':'vitality'},"
  " 'x-alm-inspections':[{'id':'regular','title':'Regelkontrolle','last':'last_inspection',"
  "   'rules':[{'if':{'felled':{'set':true}},'every':null},"
  "            {'if':{'vitality':{'min':3}},'every':'P1Y'},"
  "            {'if':{'planted':{'older':'P80Y'}},'every':'P1Y','not_by':'inspector'},"
  "            {'every':'P2Y'}]}],"
  " 'properties':{"
  "  'geometry':{'format':'geometry-point','x-ogc-role':'primary-geometry'},"
  "  'number':{'type':'string','title':'Baumnummer','x-alm-title':{'en':'Tree number'},"
  "            'maxLength':40,'x-ogc-propertySeq':1,'x-alm-aliases':['baumnr','baumid']},"
  "  'species':{'type':'string','title':'Botanischer Name','x-ogc-propertySeq':2},"
  "  'planted':{'type':'string','format':'edtf','x-ogc-role':'primary-interval-start',"
  "             'x-ogc-propertySeq':3},"
  "  'felled':{'type':'string','format':'edtf','x-ogc-role':'primary-interval-end'},"
  "  'height':{'type':'number','title':'Höhe','x-ogc-unit':'m','minimum':0,'maximum':70,"
  "            'x-ogc-propertySeq':5},"
  "  'vitality':{'type':'integer','title':'Vitalität','x-ogc-propertySeq':6,"
  "    'oneOf':[{'const':0,'title':'gesund','x-alm-title':{'en':'healthy'}},"
  "             {'const':4,'title':'abgestorben'}]},"
  "  'last_inspection':{'type':'string','format':'date','x-alm-merge':'max'},"
  "  'inspector':{'type':'string','x-alm-class':'personal'},"
  "  'extra':{'type':'object','additionalProperties':{'type':'string'},'x-alm-merge':'json'}},"
  " 'required':['number']}";

static void
test_a_model_is_compiled (void)
{
  g_autoptr (AlmModel) model = model_of (tree);
  const AlmField *field = alm_model_find_field (model, "number");

  g_assert_cmpstr (alm_model_get_name (model), ==, "thing");
  g_assert_cmpstr (alm_model_get_title (model, "de"), ==, "Baum");
  g_assert_cmpstr (alm_model_get_title (model, "en"), ==, "Tree");
  g_assert_cmpstr (alm_model_get_plural (model, "en"), ==, "Trees");
  g_assert_cmpstr (alm_model_get_layer (model), ==, "asset");
  g_assert_cmpstr (alm_model_get_key (model)[0], ==, "number");
  g_assert_cmpuint (alm_model_get_n_fields (model), ==, 10);
  g_assert_true (alm_model_get_field (model, 0) == field);
  g_assert_cmpstr (alm_model_get_field (model, 1)->name, ==, "species");
  /* Without propertySeq they come last, by name. */
  g_assert_cmpstr (alm_model_get_field (model, 5)->name, ==, "extra");
  g_assert_cmpstr (alm_model_get_field (model, 9)->name, ==, "last_inspection");

  g_assert_cmpstr (alm_field_get_title (field, "en"), ==, "Tree number");
  g_assert_cmpstr (field->aliases[1], ==, "baumid");
  g_assert_true (field->required);
  g_assert_cmpint (field->max_length, ==, 40);
  g_assert_cmpint (field->class_, ==, ALM_CLASS_INTERNAL);

  g_assert_cmpint (alm_model_find_field (model, "planted")->type, ==, ALM_FIELD_EDTF);
  g_assert_cmpstr (alm_model_find_role (model, ALM_ROLE_GEOMETRY)->name, ==, "geometry");
  g_assert_null (alm_model_find_role (model, ALM_ROLE_INSTANT));
  g_assert_null (alm_model_find_field (model, "nothing"));
  g_assert_cmpint (alm_model_find_field (model, "inspector")->class_, ==, ALM_CLASS_PERSONAL);
  g_assert_cmpint (alm_model_find_field (model, "extra")->merge, ==, ALM_MERGE_JSON);
  g_assert_cmpfloat (alm_model_find_field (model, "height")->maximum, ==, 70);
  g_assert_cmpstr (alm_model_find_field (model, "height")->unit, ==, "m");
}

static void
test_labels_leave_no_gaps (void)
{
  static const char *const cases[][2] = {
    { "{'number':'647','species':'Tilia cordata','vitality':0}", "647 Tilia cordata, gesund" },
    { "{'number':'647','vitality':4}", "647, abgestorben" },
    { "{'number':'647'}", "647" },
    { "{'number':'647','inspector':'Mai'}", "647 Mai" },
    { "{'number':'647','inspector':'Mai','species':'Tilia'}", "647 Tilia" },
    { "{'species':'  Tilia   cordata '}", "Tilia cordata" },
    { "{'height':3}", "" },
    { "{}", "" },
  };
  g_autoptr (AlmModel) model = model_of (tree);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) fields = value_of (cases[i][0]);
      g_autofree char *label = alm_model_format_label (model, fields);

      g_assert_cmpstr (label, ==, cases[i][1]);
    }
}

/* @members: of the schema */
static void
check_short (const char *members,
             const char *fields,
             const char *expected)
{
  g_autofree char *schema = g_strdup_printf (
    "{'$schema':'https://json-schema.org/draft/2020-12/schema','type':'object','title':'X',%s,"
    "'properties':{'n':{'type':'string','title':'N'},'m':{'type':'integer','title':'M',"
    "'oneOf':[{'const':2,'title':'zwei'}]},'t':{'type':'string','title':'T'}}}", members);
  g_autoptr (AlmModel) model = model_of (schema);
  g_autoptr (AlmValue) values = value_of (fields);
  g_autofree char *label = alm_model_format_short_label (model, values);

  g_assert_cmpstr (label, ==, expected);
}

static void
test_short_labels (void)
{
  check_short ("'x-alm-label':'Nr. {n|m} {t}'", "{'n':'17','t':'Linde'}", "17");
  check_short ("'x-alm-label':'{n|m} {t}'", "{'m':2,'t':'Linde'}", "zwei");
  /* Better than nothing. */
  check_short ("'x-alm-label':'{n|m} {t}'", "{'t':'Linde'}", "Linde");
  check_short ("'x-alm-label':'{n}'", "{'t':'Linde'}", "");
  check_short ("'x-alm-label':'{t} {n}','x-alm-symbol':{'color':'#00ff00','label':'{n}'}",
               "{'n':'17','t':'Linde'}", "17");
  check_short ("'x-alm-key':['n']", "{'n':'17'}", "");
}

static void
test_codes_have_titles_in_both_languages (void)
{
  g_autoptr (AlmModel) model = model_of (tree);
  const AlmField *field = alm_model_find_field (model, "vitality");
  g_autoptr (AlmValue) healthy = value_of ("0");
  g_autoptr (AlmValue) unknown = value_of ("1");

  g_assert_cmpstr (alm_field_get_code_title (field, healthy, "de"), ==, "gesund");
  g_assert_cmpstr (alm_field_get_code_title (field, healthy, "en"), ==, "healthy");
  g_assert_null (alm_field_get_code_title (field, unknown, "de"));
}

/* Properties that break one rule; what the fault begins with and holds. */
static const char *const bad_properties[][3] = {
  { "'Height':{'type':'number'}", "/properties/Height: ", "a name is" },
  { "'h-t':{'type':'number'}", "/properties/h-t: ", "a name is" },
  { "'a~b':{'type':'number'}", "/properties/a~0b: ", "a name is" },
  { "'x':7", "/properties/x: ", "object" },
  { "'x':{}", "/properties/x: ", "type is missing" },
  { "'x':{'type':['string','null']}", "/properties/x: ", "type has to be" },
  { "'x':{'type':'null'}", "/properties/x: ", "type has to be" },
  { "'x':{'type':'object','format':'geometry-point'}", "/properties/x: ", "spatial" },
  { "'x':{'$ref':'#/y','format':'geometry-point'}", "/properties/x: ", "\"$ref\" is no" },
  { "'x':{'format':'geometry-circle'}", "/properties/x: ", "no spatial format" },
  { "'x':{'format':'date'}", "/properties/x: ", "type is missing" },
  { "'x':{'type':'string','format':'datum'}", "/properties/x: ", "no format" },
  { "'x':{'type':'number','format':'date'}", "/properties/x: ", "no meaning" },
  { "'x':{'type':'string','if':{}}", "/properties/x: ", "\"if\" is no keyword" },
  { "'x':{'type':'string','$ref':'#'}", "/properties/x: ", "\"$ref\" is no keyword" },
  { "'x':{'type':'string','x-alm-colour':'red'}", "/properties/x: ", "no keyword" },
  { "'x':{'type':'string','x-alm-label':'a'}", "/properties/x: ", "no keyword" },
  { "'x':{'type':'string','title':1}", "/properties/x: ", "a text" },
  { "'x':{'type':'string','readOnly':'yes'}", "/properties/x: ", "true or false" },
  { "'x':{'type':'number','minLength':1}", "/properties/x: ", "no meaning" },
  { "'x':{'type':'string','minimum':1}", "/properties/x: ", "no meaning" },
  { "'x':{'type':'string','minLength':-1}", "/properties/x: ", "from 0 on" },
  { "'x':{'type':'string','minLength':5,'maxLength':4}", "/properties/x: ", "above maxLength" },
  { "'x':{'type':'number','minimum':'0'}", "/properties/x: ", "a number" },
  { "'x':{'type':'number','minimum':2,'maximum':1}", "/properties/x: ", "lower limit" },
  { "'x':{'type':'number','exclusiveMinimum':1,'maximum':1}", "/properties/x: ", "lower limit" },
  { "'x':{'type':'number','minimum':1,'exclusiveMaximum':1}", "/properties/x: ", "lower limit" },
  { "'x':{'type':'number','multipleOf':0}", "/properties/x: ", "multipleOf" },
  { "'x':{'type':'string','pattern':'(a'}", "/properties/x: ", "does not compile" },
  { "'x':{'type':'integer','enum':[]}", "/properties/x: ", "empty" },
  { "'x':{'type':'integer','enum':[1,1]}", "/properties/x: ", "twice" },
  { "'x':{'type':'integer','enum':[1,'2']}", "/properties/x: ", "not of the property's type" },
  { "'x':{'type':'integer','oneOf':[{'const':1}]}", "/properties/x: ", "const and title" },
  { "'x':{'type':'integer','oneOf':[{'title':'a'}]}", "/properties/x: ", "const and title" },
  { "'x':{'type':'integer','oneOf':[{'const':1,'title':'a','type':'b'}]}", "/properties/x: ",
    "keyword of a code" },
  { "'x':{'type':'integer','enum':[1],'const':1}", "/properties/x: ", "only one of" },
  { "'x':{'type':'array','items':{}}", "/properties/x/items: ", "type is missing" },
  { "'x':{'type':'object','properties':{'y':{'type':'text'}}}", "/properties/x/properties/y: ",
    "type has to be" },
  { "'x':{'type':'object','additionalProperties':{'type':'x'}}",
    "/properties/x/additionalProperties: ", "type has to be" },
  { "'x':{'type':'object','required':['y']}", "/properties/x: ", "not among" },
  { "'x':{'type':'number','maximum':1,'default':2}", "/properties/x: ", "default" },
  { "'x':{'type':'string','x-ogc-role':'primary'}", "/properties/x: ", "no role" },
  { "'x':{'type':'number','x-ogc-role':'id'}", "/properties/x: ", "role id" },
  { "'x':{'type':'integer','x-ogc-role':'type'}", "/properties/x: ", "role type" },
  { "'x':{'type':'string','x-ogc-role':'primary-geometry'}", "/properties/x: ", "spatial" },
  { "'x':{'type':'string','x-ogc-role':'primary-instant'}", "/properties/x: ", "date" },
  { "'x':{'type':'integer','x-ogc-role':'primary-interval-start'}", "/properties/x: ", "date" },
  { "'x':{'type':'string','x-ogc-role':'id'},'y':{'type':'string','x-ogc-role':'id'}",
    "/properties/y: ", "same x-ogc-role" },
  { "'x':{'type':'string','format':'date','x-ogc-role':'primary-instant'},"
    "'y':{'type':'string','format':'date','x-ogc-role':'primary-interval-end'}",
    "/properties/x: ", "exclude each other" },
  { "'x':{'type':'string','format':'date','x-ogc-role':'primary-interval-start'},"
    "'y':{'type':'string','format':'date-time','x-ogc-role':'primary-interval-end'}",
    "/properties/y: ", "equally fine" },
  { "'x':{'type':'array','items':{'type':'string','x-ogc-role':'id'}}", "/properties/x/items: ",
    "only a property of the record" },
  { "'x':{'type':'string','x-ogc-propertySeq':1.5}", "/properties/x: ", "whole number" },
  { "'x':{'type':'string','x-ogc-propertySeq':1},'y':{'type':'string','x-ogc-propertySeq':1}",
    "/properties/y: ", "twice" },
  { "'x':{'type':'number','x-ogc-unit':'Meter'}", "/properties/x: ", "UCUM" },
  { "'x':{'type':'number','x-ogc-unit':'M'}", "/properties/x: ", "UCUM" },
  { "'x':{'type':'number','x-ogc-definition':'Höhe'}", "/properties/x: ", "URI" },
  { "'x':{'type':'number','x-ogc-definition':'ftp://a.example/h'}", "/properties/x: ", "URI" },
  { "'x':{'type':'number','x-ogc-codelistUri':'codes'}", "/properties/x: ", "URI" },
  { "'x':{'type':'string','x-alm-title':'X'}", "/properties/x: ", "an object" },
  { "'x':{'type':'string','x-alm-title':{'en':1}}", "/properties/x: ", "languages and texts" },
  { "'x':{'type':'string','x-alm-aliases':['a',2]}", "/properties/x: ", "list of texts" },
  { "'x':{'type':'string','x-alm-merge':'sum'}", "/properties/x: ", "no way to merge" },
  { "'x':{'type':'string','x-alm-merge':'set'}", "/properties/x: ", "not for this type" },
  { "'x':{'type':'string','x-alm-merge':'counter'}", "/properties/x: ", "not for this type" },
  { "'x':{'type':'number','x-alm-merge':'text'}", "/properties/x: ", "not for this type" },
  { "'x':{'type':'string','x-alm-collision':'last'}", "/properties/x: ", "first or later" },
  { "'x':{'type':'string','x-alm-class':'secret'}", "/properties/x: ", "no class" },
  { "'x':{'type':'string','x-alm-group':'A B'}", "/properties/x: ", "no name" },
  { "'x':{'type':'string','x-alm-group':'y'},'y':{'type':'string'}", "/properties/x: ",
    "name of a property" },
  { "'x':{'type':'number','x-alm-group':'g','x-alm-merge':'counter'}", "/properties/x: ",
    "merges with it" },
  { "'x':{'type':'string','x-alm-group':'g'},"
    "'y':{'type':'string','x-alm-group':'g','x-alm-class':'personal'}", "/properties/y: ",
    "same x-alm-class" },
  { "'x':{'type':'array','items':{'type':'string','x-alm-class':'personal'}}",
    "/properties/x/items: ", "whole fields" },
};

/* Members beside the properties n (number), t (text), d (date), l (list). */
static const char *const bad_members[][3] = {
  { "'allOf':[]", "/allOf: ", "no keyword" },
  { "'$defs':{}", "/$defs: ", "no keyword" },
  { "'x-alm-merge':'set'", "/x-alm-merge: ", "no keyword" },
  { "'$schema':'http://json-schema.org/draft-07/schema#'", "/$schema: ", "2020-12" },
  { "'title':1", "/title: ", "a text" },
  { "'x-alm-title':[]", "/x-alm-title: ", "languages and texts" },
  { "'x-alm-layer':'sky'", "/x-alm-layer: ", "asset, base" },
  { "'additionalProperties':true", "/additionalProperties: ", "only be false" },
  { "'required':['n','gone']", "/required: ", "\"gone\"" },
  { "'required':['n','n']", "/required: ", "twice" },
  { "'required':'n'", "/required: ", "a list" },
  { "'x-alm-key':['gone']", "/x-alm-key: ", "\"gone\"" },
  { "'x-alm-key':[]", "/x-alm-key: ", "a list" },
  { "'x-alm-key':['l']", "/x-alm-key: ", "part of a key" },
  { "'x-alm-label':'{n} {gone}'", "/x-alm-label: ", "\"gone\"" },
  { "'x-alm-label':'{n} {t'", "/x-alm-label: ", "without '}'" },
  { "'x-alm-label':'{n} t}'", "/x-alm-label: ", "without '{'" },
  { "'x-alm-label':'{n|gone}'", "/x-alm-label: ", "\"gone\"" },
  { "'x-alm-label':'{}'", "/x-alm-label: ", "names no" },
  { "'x-alm-label':'{l}'", "/x-alm-label: ", "shown" },
  { "'x-alm-symbol':{'color':'green'}", "/x-alm-symbol: ", "#rrggbb" },
  { "'x-alm-symbol':{}", "/x-alm-symbol: ", "#rrggbb" },
  { "'x-alm-symbol':{'color':'#00ff00','shape':'tree'}", "/x-alm-symbol: ", "shape" },
  { "'x-alm-symbol':{'color':'#00ff00','size':0}", "/x-alm-symbol: ", "size" },
  { "'x-alm-symbol':{'color':'#00ff00','size':[[12,3],[11,4]]}", "/x-alm-symbol: ", "size" },
  { "'x-alm-symbol':{'color':'#00ff00','by':'gone'}", "/x-alm-symbol: ", "by names no" },
  { "'x-alm-symbol':{'color':'#00ff00','by':'t'}", "/x-alm-symbol: ", "by needs" },
  { "'x-alm-symbol':{'color':'#00ff00','label':3}", "/x-alm-symbol: ", "label has to" },
  { "'x-alm-symbol':{'color':'#00ff00','label':'{gone}'}", "/x-alm-symbol/label: ", "gone" },
  { "'x-alm-symbol':{'color':'#00ff00','span':'gone'}", "/x-alm-symbol: ", "span has to" },
  { "'x-alm-symbol':{'color':'#00ff00','span':'n'}", "/x-alm-symbol: ", "span has to" },
  { "'x-alm-symbol':{'color':'#00ff00','span':3}", "/x-alm-symbol: ", "span has to" },
  { "'x-alm-symbol':{'color':'#00ff00','glow':1}", "/x-alm-symbol: ", "unknown here" },
  { "'x-alm-inspections':{}", "/x-alm-inspections: ", "a list" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'gone','rules':[{'every':'P1Y'}]}]",
    "/x-alm-inspections/0: ", "last names no" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'n','rules':[{'every':'P1Y'}]}]",
    "/x-alm-inspections/0: ", "has to be a date" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d','rules':[]}]",
    "/x-alm-inspections/0: ", "rules" },
  { "'x-alm-inspections':[{'title':'A','last':'d','rules':[{'every':'P1Y'}]}]",
    "/x-alm-inspections/0: ", "id has to be" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d','rules':[{'every':'1Y'}]}]",
    "/x-alm-inspections/0/rules/0: ", "duration" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d','rules':[{}]}]",
    "/x-alm-inspections/0/rules/0: ", "every" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d','rules':[{'every':'P1Y'},"
    "{'if':{'gone':{'set':true}},'every':'P1Y'}]}]", "/x-alm-inspections/0/rules/1: ", "\"gone\"" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d',"
    "'rules':[{'if':{'t':{'min':1}},'every':'P1Y'}]}]",
    "/x-alm-inspections/0/rules/0: ", "number" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d',"
    "'rules':[{'if':{'n':{'older':'P1Y'}},'every':'P1Y'}]}]", "/x-alm-inspections/0/rules/0: ",
    "date's property" },
  { "'x-alm-inspections':[{'id':'a','title':'A','last':'d',"
    "'rules':[{'if':{'n':{'below':1}},'every':'P1Y'}]}]", "/x-alm-inspections/0/rules/0: ",
    "unknown here" },
};

static void
assert_one_fault (const char *schema_text,
                  const char *begins,
                  const char *holds)
{
  g_autoptr (AlmValue) schema = value_of (schema_text);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);

  g_assert_null (alm_model_new ("thing", schema, faults));
  if (faults->len != 1 || !g_str_has_prefix (faults->pdata[0], begins)
      || strstr (faults->pdata[0], holds) == NULL)
    g_error ("%s: %u faults, the first: %s", schema_text, faults->len,
             faults->len > 0 ? (char *) faults->pdata[0] : "");
}

static void
test_each_rule_is_checked (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_properties); i++)
    {
      g_autofree char *text = with_properties (bad_properties[i][0]);

      assert_one_fault (text, bad_properties[i][1], bad_properties[i][2]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_members); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{'type':'object','properties':{'n':{'type':'integer'},'t':{'type':'string'},"
        "'d':{'type':'string','format':'date'},'l':{'type':'array'}},%s}", bad_members[i][0]);

      assert_one_fault (text, bad_members[i][1], bad_members[i][2]);
    }

  assert_one_fault ("{'properties':{}}", "/type: ", "has to be");
  assert_one_fault ("{'type':'object'}", "/properties: ", "an object");
}

static void
test_all_faults_are_told_at_once (void)
{
  g_autoptr (AlmValue) schema = value_of ("{'type':'object','properties':{'a':{},'b':{}},"
                                          "'required':['c']}");
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);

  g_assert_null (alm_model_new ("thing", schema, faults));
  g_assert_cmpuint (faults->len, ==, 3);
}

static void
test_size_and_count_are_limited (void)
{
  g_autoptr (GString) text = g_string_new ("{'type':'object','properties':{");
  g_autofree char *description = g_strnfill (ALM_MODEL_SIZE_MAX, 'x');
  g_autofree char *large = g_strdup_printf ("{'type':'object','properties':{},"
                                            "'description':'%s'}", description);

  for (guint i = 0; i <= ALM_MODEL_PROPERTIES_MAX; i++)
    g_string_append_printf (text, "%s'p%u':{'type':'string'}", i > 0 ? "," : "", i);
  g_string_append (text, "}}");

  assert_one_fault (text->str, "/properties: ", "more than 200");
  assert_one_fault (large, "/: ", "larger than");
}

/* property · value · what the reason holds, NULL for a good one */
static const char *const value_cases[][3] = {
  { "{'type':'string'}", "'abc'", NULL },
  { "{'type':'string'}", "null", NULL },
  { "{'type':'string'}", "7", "a text" },
  { "{'type':'string','maxLength':3}", "'äöü'", NULL },
  { "{'type':'string','maxLength':3}", "'äöüa'", "4 characters" },
  { "{'type':'string','minLength':2}", "'ä'", "at least 2" },
  { "{'type':'string','pattern':'^[A-Z][0-9]+$'}", "'B12'", NULL },
  { "{'type':'string','pattern':'^[A-Z][0-9]+$'}", "'B12\\n'", "form" },
  { "{'type':'string','pattern':'[0-9]'}", "'abc7'", NULL },
  { "{'type':'string','format':'date'}", "'2024-02-29'", NULL },
  { "{'type':'string','format':'date'}", "'2023-02-29'", "date" },
  { "{'type':'string','format':'date'}", "'2023-2-9'", "date" },
  { "{'type':'string','format':'date'}", "'2023-02-28T00:00:00Z'", "date" },
  { "{'type':'string','format':'date-time'}", "'2026-11-23T08:12:00Z'", NULL },
  { "{'type':'string','format':'date-time'}", "'2026-11-23T08:12:00.5+01:00'", NULL },
  { "{'type':'string','format':'date-time'}", "'2026-11-23T24:12:00Z'", "RFC 3339" },
  { "{'type':'string','format':'date-time'}", "'2026-11-23 08:12:00Z'", "RFC 3339" },
  { "{'type':'string','format':'date-time'}", "'2026-11-23T08:12:00'", "RFC 3339" },
  { "{'type':'string','format':'edtf'}", "'1548~'", NULL },
  { "{'type':'string','format':'edtf'}", "'um 1350'", "character 1" },
  { "{'type':'string','format':'uuid'}", "'01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10'", NULL },
  { "{'type':'string','format':'uuid'}", "'01931F2E-7c1a-7e3b-9d41-5a0f6c2b8e10'", "UUID" },
  { "{'type':'string','format':'uri'}", "'https://jena.de/x?y=1'", NULL },
  { "{'type':'string','format':'uri'}", "'jena.de'", "URI" },
  { "{'type':'string','format':'email'}", "'baum@jena.de'", NULL },
  { "{'type':'string','format':'email'}", "'baum at jena.de'", "e-mail" },
  { "{'type':'integer'}", "3", NULL },
  { "{'type':'integer'}", "3.0", NULL },
  { "{'type':'integer'}", "3.5", "whole number" },
  { "{'type':'integer'}", "'3'", "whole number" },
  { "{'type':'number'}", "3", NULL },
  { "{'type':'number'}", "true", "a number" },
  { "{'type':'number','minimum':0,'maximum':70}", "0", NULL },
  { "{'type':'number','minimum':0,'maximum':70}", "70", NULL },
  { "{'type':'number','minimum':0,'maximum':70}", "70.01", "above the limit of 70" },
  { "{'type':'number','minimum':0,'maximum':70}", "-1e-9", "below the limit" },
  { "{'type':'number','exclusiveMinimum':0}", "0", "below the limit" },
  { "{'type':'number','exclusiveMaximum':1}", "1", "above the limit" },
  { "{'type':'number','multipleOf':0.1}", "0.3", NULL },
  { "{'type':'number','multipleOf':0.1}", "0.35", "multiple" },
  { "{'type':'boolean'}", "false", NULL },
  { "{'type':'boolean'}", "0", "true or false" },
  { "{'type':'integer','enum':[1,2]}", "2", NULL },
  { "{'type':'integer','enum':[1,2]}", "3", "code list" },
  { "{'type':'string','oneOf':[{'const':'a','title':'A'}]}", "'a'", NULL },
  { "{'type':'string','oneOf':[{'const':'a','title':'A'}]}", "'A'", "code list" },
  { "{'type':'string','const':'a'}", "'b'", "code list" },
  { "{'type':'array','items':{'type':'integer','maximum':9}}", "[1,9]", NULL },
  { "{'type':'array','items':{'type':'integer','maximum':9}}", "[1,10]", "item 1: " },
  { "{'type':'array'}", "['a',1,[]]", NULL },
  { "{'type':'array'}", "{}", "a list" },
  { "{'type':'array','items':{'type':'string'}}", "[null]", "null" },
  { "{'type':'object','additionalProperties':{'type':'string'}}", "{'Höhe':'3'}", NULL },
  { "{'type':'object','additionalProperties':{'type':'string'}}", "{'Höhe':3}", "\"Höhe\"" },
  { "{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':false,"
    "'required':['a']}", "{'a':'b'}", NULL },
  { "{'type':'object','properties':{'a':{'type':'string'}},'additionalProperties':false,"
    "'required':['a']}", "{'a':'b','c':1}", "no member \"c\"" },
  { "{'type':'object','properties':{'a':{'type':'string'}},'required':['a']}", "{'c':1}",
    "\"a\" is missing" },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[11.58,50.92]}", NULL },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[11.58,50.92,140]}", NULL },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[50.92,111.58]}", "globe" },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[4470000,5640000]}", "globe" },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[11.58]}", "two or three" },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':['11.58','50.92']}", "numbers" },
  { "{'format':'geometry-point'}", "{'type':'Point'}", "members" },
  { "{'format':'geometry-point'}", "{'type':'Point','coordinates':[1,2],'bbox':[1,2,1,2]}",
    "no others" },
  { "{'format':'geometry-point'}", "{'type':'Feature','geometry':null}", "no type of geometry" },
  { "{'format':'geometry-point'}", "'POINT (1 2)'", "an object" },
  { "{'format':'geometry-point'}", "{'type':'MultiPoint','coordinates':[[1,2]]}", "not allowed" },
  { "{'format':'geometry-point-or-multipoint'}", "{'type':'MultiPoint','coordinates':[[1,2]]}",
    NULL },
  { "{'format':'geometry-point-or-multipoint'}", "{'type':'Point','coordinates':[1,2]}", NULL },
  { "{'format':'geometry-multipoint'}", "{'type':'Point','coordinates':[1,2]}", "not allowed" },
  { "{'format':'geometry-multipoint'}", "{'type':'MultiPoint','coordinates':[]}", "at least 1" },
  { "{'format':'geometry-linestring'}", "{'type':'LineString','coordinates':[[1,2],[3,4]]}", NULL },
  { "{'format':'geometry-linestring'}", "{'type':'LineString','coordinates':[[1,2]]}",
    "at least 2" },
  { "{'format':'geometry-linestring'}", "{'type':'LineString','coordinates':[1,2]}", "two or" },
  { "{'format':'geometry-polygon'}",
    "{'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]}", NULL },
  { "{'format':'geometry-polygon'}",
    "{'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,1]]]}", "end where it begins" },
  { "{'format':'geometry-polygon'}",
    "{'type':'Polygon','coordinates':[[[0,0],[1,0],[0,0]]]}", "at least 4" },
  { "{'format':'geometry-polygon'}",
    "{'type':'Polygon','coordinates':[[[0,0],[1,0],[1,0],[0,0]]]}", "three different" },
  { "{'format':'geometry-polygon'}", "{'type':'Polygon','coordinates':[]}", "empty" },
  { "{'format':'geometry-polygon'}", "{'type':'Polygon','coordinates':[[0,0],[1,0],[1,1],[0,0]]}",
    "at least 4" },
  { "{'format':'geometry-polygon-or-multipolygon'}",
    "{'type':'MultiPolygon','coordinates':[[[[0,0],[1,0],[1,1],[0,0]]]]}", NULL },
  { "{'format':'geometry-any'}",
    "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,2]}]}", NULL },
  { "{'format':'geometry-geometrycollection'}",
    "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,200]}]}",
    "globe" },
  { "{'format':'geometry-point'}",
    "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,2]}]}",
    "not allowed" },
};

static void
test_values_are_checked (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (value_cases); i++)
    {
      g_autofree char *property = g_strdup_printf ("'x':%s", value_cases[i][0]);
      g_autofree char *text = with_properties (property);
      g_autoptr (AlmModel) model = model_of (text);
      g_autoptr (AlmValue) value = value_of (value_cases[i][1]);
      g_autofree char *reason = NULL;
      gboolean ok = alm_field_check (alm_model_find_field (model, "x"), value, &reason);

      if (ok != (value_cases[i][2] == NULL)
          || (!ok && strstr (reason, value_cases[i][2]) == NULL))
        g_error ("%s with %s: %s", value_cases[i][0], value_cases[i][1], ok ? "taken" : reason);
    }
}

static void
test_records_are_checked_whole (void)
{
  g_autoptr (AlmModel) model = model_of (tree);
  static const char *const cases[][3] = {
    { "{'number':'1','height':3.5}", NULL, NULL },
    { "{'number':'1','height':null}", NULL, NULL },
    { "{'height':3.5}", "number", "required" },
    { "{'number':null}", "number", "required" },
    { "{'number':'1','nest':true}", "nest", "no such field" },
    { "{'number':'1','height':99}", "height", "above the limit" },
    { "[]", "", "an object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) fields = value_of (cases[i][0]);
      g_autofree char *name = NULL;
      g_autofree char *reason = NULL;

      g_assert_cmpint (alm_model_check_fields (model, fields, &name, &reason), ==,
                       cases[i][1] == NULL);
      g_assert_cmpstr (name, ==, cases[i][1]);
      if (cases[i][2] != NULL)
        g_assert_nonnull (strstr (reason, cases[i][2]));
    }
}

static void
test_a_field_is_one_mebibyte_at_most (void)
{
  g_autoptr (AlmModel) model = model_of ("{'type':'object','properties':{'x':{'type':'string'}}}");
  g_autofree char *fits = g_strnfill (ALM_FIELD_SIZE_MAX - 2, 'a');
  g_autofree char *over = g_strnfill (ALM_FIELD_SIZE_MAX - 1, 'a');
  /* Escaped, each of these is six bytes. */
  g_autofree char *escaped = g_strnfill (ALM_FIELD_SIZE_MAX / 6 + 1, '\x01');
  g_autoptr (AlmValue) fitting = alm_value_new_text (fits);
  g_autoptr (AlmValue) large = alm_value_new_text (over);
  g_autoptr (AlmValue) large_escaped = alm_value_new_text (escaped);
  const AlmField *field = alm_model_find_field (model, "x");

  g_assert_true (alm_field_check (field, fitting, NULL));
  g_assert_false (alm_field_check (field, large, NULL));
  g_assert_false (alm_field_check (field, large_escaped, NULL));
}

/* old property · new property · whether it may become that */
static const struct {
  const char *old;
  const char *new;
  gboolean    may;
} changes[] = {
  { "'x':{'type':'string'}", "'x':{'type':'string','title':'Neu'},'y':{'type':'number'}", TRUE },
  { "'x':{'type':'string'},'y':{'type':'string'}", "'x':{'type':'string'}", FALSE },
  { "'x':{'type':'integer'}", "'x':{'type':'number'}", FALSE },
  { "'x':{'type':'string','format':'date'}", "'x':{'type':'string','format':'edtf'}", FALSE },
  { "'x':{'format':'geometry-point'}", "'x':{'format':'geometry-polygon'}", FALSE },
  { "'x':{'type':'number','x-ogc-unit':'m'}", "'x':{'type':'number','x-ogc-unit':'cm'}", FALSE },
  { "'x':{'type':'string','format':'date','x-ogc-role':'primary-instant'}",
    "'x':{'type':'string','format':'date'}", FALSE },
  { "'x':{'type':'string','x-alm-merge':'max'}", "'x':{'type':'string'}", FALSE },
  { "'x':{'type':'integer','enum':[1,2]}", "'x':{'type':'integer','enum':[3,2,1]}", TRUE },
  { "'x':{'type':'integer','enum':[1,2]}", "'x':{'type':'integer','enum':[1]}", FALSE },
  { "'x':{'type':'integer','enum':[1,2]}", "'x':{'type':'integer'}", TRUE },
  { "'x':{'type':'integer'}", "'x':{'type':'integer','enum':[1,2]}", FALSE },
  { "'x':{'type':'number','maximum':9}", "'x':{'type':'number','maximum':10}", TRUE },
  { "'x':{'type':'number','maximum':9}", "'x':{'type':'number','maximum':8}", FALSE },
  { "'x':{'type':'number'}", "'x':{'type':'number','minimum':0}", FALSE },
  { "'x':{'type':'number','minimum':0}", "'x':{'type':'number','exclusiveMinimum':0}", FALSE },
  { "'x':{'type':'number','multipleOf':0.5}", "'x':{'type':'number','multipleOf':0.25}", TRUE },
  { "'x':{'type':'number','multipleOf':0.5}", "'x':{'type':'number','multipleOf':0.3}", FALSE },
  { "'x':{'type':'string','maxLength':9}", "'x':{'type':'string'}", TRUE },
  { "'x':{'type':'string','maxLength':9}", "'x':{'type':'string','maxLength':8}", FALSE },
  { "'x':{'type':'string','pattern':'a'}", "'x':{'type':'string'}", TRUE },
  { "'x':{'type':'string'}", "'x':{'type':'string','pattern':'a'}", FALSE },
  { "'x':{'type':'string'}", "'x':{'type':'string','x-alm-class':'personal'}", TRUE },
  { "'x':{'type':'array','items':{'type':'string'}}", "'x':{'type':'array'}", TRUE },
  { "'x':{'type':'array'}", "'x':{'type':'array','items':{'type':'string'}}", FALSE },
  { "'x':{'type':'object','properties':{'a':{'type':'string'}}}",
    "'x':{'type':'object','properties':{'b':{'type':'string'}}}", FALSE },
  { "'x':{'type':'object'}", "'x':{'type':'object','additionalProperties':false}", FALSE },
};

static void
test_a_model_only_grows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *old_text = with_properties (changes[i].old);
      g_autofree char *new_text = with_properties (changes[i].new);
      g_autoptr (AlmModel) old = model_of (old_text);
      g_autoptr (AlmModel) next = model_of (new_text);
      g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
      gboolean may = alm_model_can_become (old, next, faults);

      if (may != changes[i].may || (faults->len == 0) != may)
        g_error ("%s to %s: %s", changes[i].old, changes[i].new,
                 may ? "allowed" : (char *) faults->pdata[0]);
      g_assert_true (alm_model_can_become (old, old, NULL));
    }
}

static void
test_nothing_becomes_required (void)
{
  g_autoptr (AlmModel) old = model_of ("{'type':'object','properties':{'x':{'type':'string'}}}");
  g_autoptr (AlmModel) next = model_of ("{'type':'object','properties':{'x':{'type':'string'},"
                                        "'y':{'type':'string'}},'required':['x','y']}");
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);

  g_assert_false (alm_model_can_become (old, next, faults));
  g_assert_cmpuint (faults->len, ==, 2);
  g_assert_true (g_str_has_prefix (faults->pdata[0], "/properties/x: "));
  g_assert_true (g_str_has_prefix (faults->pdata[1], "/properties/y: "));
}

static void
test_a_file_names_its_kind (void)
{
  static const struct { const char *document, *name; gboolean whole; } cases[] = {
    { "{'$id':'https://x/collections/tree/schema','type':'object'}", "tree", TRUE },
    { "{'$id':'https://collections/a/collections/b/schema'}", "b", TRUE },
    { "{'name':'lamp','schema':{'$id':'https://x/collections/tree/schema'}}", "lamp", FALSE },
    { "{'name':'lamp','schema':3,'$id':'/collections/tree/schema'}", "tree", TRUE },
    { "{'$id':'https://x/collections/tree/schema/2'}", NULL, FALSE },
    { "{'$id':'https://x/tree/schema'}", NULL, FALSE },
    { "{'$id':'/collections/schema'}", NULL, FALSE },
    { "{'schema':{'type':'object'}}", NULL, FALSE },
    { "[]", NULL, FALSE },
    { "'tree'", NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) document = value_of (cases[i].document);
      g_autofree char *name = NULL;
      AlmValue *schema = alm_model_find_schema (document, &name);

      g_assert_cmpstr (name, ==, cases[i].name);
      if (cases[i].name == NULL)
        g_assert_null (schema);
      else
        g_assert_true (schema == (cases[i].whole ? document
                                                 : alm_value_get (document, "schema")));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/model/compiled", test_a_model_is_compiled);
  g_test_add_func ("/domain/model/file", test_a_file_names_its_kind);
  g_test_add_func ("/domain/model/label", test_labels_leave_no_gaps);
  g_test_add_func ("/record/model/short-label", test_short_labels);
  g_test_add_func ("/domain/model/code-titles", test_codes_have_titles_in_both_languages);
  g_test_add_func ("/domain/model/check/each-rule", test_each_rule_is_checked);
  g_test_add_func ("/domain/model/check/all-faults", test_all_faults_are_told_at_once);
  g_test_add_func ("/domain/model/check/limits", test_size_and_count_are_limited);
  g_test_add_func ("/domain/model/values/table", test_values_are_checked);
  g_test_add_func ("/domain/model/values/record", test_records_are_checked_whole);
  g_test_add_func ("/domain/model/values/size", test_a_field_is_one_mebibyte_at_most);
  g_test_add_func ("/domain/model/change/table", test_a_model_only_grows);
  g_test_add_func ("/domain/model/change/required", test_nothing_becomes_required);

  return g_test_run ();
}
