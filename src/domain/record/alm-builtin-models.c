/* SPDX-License-Identifier: EUPL-1.2 */

/* The models of the kinds that the program itself knows: what it keeps in
 * records of its own accord, and what the city says about itself (sync.md,
 * sections 3.1 and 3.4; assets-map.md, sections 3.2, 3.5 and 3.7).
 *
 * They are texts, because values are made of texts in format/ and nowhere else.
 * Single quotes stand for double ones, and no text holds an apostrophe.
 * Any thread. */

#include "config.h"

#include "alm-builtin-models.h"

#include <string.h>

#define DIALECT "'$schema':'https://json-schema.org/draft/2020-12/schema','type':'object',"
#define BLOB "'type':'object','required':['sha256','size'],'properties':{" \
  "'sha256':{'type':'string','pattern':'^[0-9a-f]{64}$'}," \
  "'size':{'type':'integer','minimum':0}," \
  "'name':{'type':'string','maxLength':255}," \
  "'type':{'type':'string','maxLength':100}}"
#define NUMBERS "'type':'array','items':{'type':'number'}"
#define BY_LANGUAGE "'type':'object','additionalProperties':{'type':'string'}"

static const char city[] =
  "{" DIALECT "'title':'Stadt','x-alm-title':{'en':'City'},'x-alm-label':'{name}','properties':{"
  "'name':{'type':'string','title':'Name','maxLength':160},"
  "'crs':{'type':'string','title':'Koordinatensystem','x-alm-title':{'en':'Reference system'},"
  "  'pattern':'^EPSG:[0-9]{4,6}$'},"
  "'bbox':{" NUMBERS ",'title':'Ausdehnung','x-alm-title':{'en':'Extent'}},"
  "'country_bbox':{" NUMBERS ",'title':'Ausdehnung des Landes',"
  "  'x-alm-title':{'en':'Extent of the country'}},"
  "'public_url':{'type':'string','format':'uri','title':'Öffentliche Adresse',"
  "  'x-alm-title':{'en':'Public address'},'x-alm-class':'public'},"
  "'ars':{'type':'string','title':'Regionalschlüssel','x-alm-title':{'en':'Regional key'},"
  "  'pattern':'^[0-9]{12}$'},"
  "'catalog_title':{" BY_LANGUAGE ",'title':'Titel des Katalogs',"
  "  'x-alm-title':{'en':'Title of the catalogue'},'x-alm-merge':'json'},"
  "'catalog_description':{" BY_LANGUAGE ",'title':'Beschreibung des Katalogs',"
  "  'x-alm-title':{'en':'Description of the catalogue'},'x-alm-merge':'json'},"
  "'contact':{'type':'object','title':'Kontakt','x-alm-title':{'en':'Contact'},"
  "  'x-alm-merge':'json'},"
  "'imprint':{'type':'object','title':'Impressum','x-alm-title':{'en':'Imprint'}},"
  "'privacy':{'type':'object','title':'Datenschutz','x-alm-title':{'en':'Privacy'}},"
  "'accessibility':{'type':'object','title':'Barrierefreiheit',"
  "  'x-alm-title':{'en':'Accessibility'}},"
  "'marks':{'type':'object','title':'Noten','x-alm-title':{'en':'Marks'},"
  "  'additionalProperties':{'type':'number'}},"
  "'calendar_from':{'type':'string','format':'date','title':'Gregorianischer Kalender seit',"
  "  'x-alm-title':{'en':'Gregorian calendar since'}}"
  "}}";

/* base, theirs and mine hold whatever the field in conflict holds. */
static const char conflict[] =
  "{" DIALECT "'title':'Konflikt','x-alm-title':{'en':'Conflict'},"
  "'x-alm-plural':{'de':'Konflikte','en':'Conflicts'},'properties':{"
  "'record':{'type':'string','format':'uuid','x-ogc-role':'reference','readOnly':true},"
  "'kind':{'type':'string','readOnly':true},"
  "'field':{'type':'string','readOnly':true},"
  "'part':{'type':'object','readOnly':true},"
  "'base':{'title':'Vorher','x-alm-title':{'en':'Before'},'readOnly':true},"
  "'theirs':{'title':'Stand jetzt','x-alm-title':{'en':'Now'},'readOnly':true},"
  "'mine':{'title':'Anderer Wert','x-alm-title':{'en':'Other value'},'readOnly':true},"
  "'theirs_user':{'type':'string','readOnly':true},"
  "'theirs_at':{'type':'string','readOnly':true},"
  "'mine_user':{'type':'string','readOnly':true},"
  "'mine_at':{'type':'string','readOnly':true},"
  "'mine_desk':{'type':'string','format':'uuid','readOnly':true},"
  "'mine_n':{'type':'integer','readOnly':true},"
  "'why':{'type':'string','enum':['value','deleted','edited','invalid','duplicate'],"
  "  'readOnly':true},"
  "'state':{'type':'string','readOnly':true,'oneOf':["
  "  {'const':'open','title':'offen','x-alm-title':{'en':'open'}},"
  "  {'const':'resolved','title':'entschieden','x-alm-title':{'en':'resolved'}}]},"
  "'resolved_by':{'type':'string','readOnly':true},"
  "'choice':{'type':'string','readOnly':true}"
  "}}";

static const char import[] =
  "{" DIALECT "'title':'Import','x-alm-title':{'en':'Import'},"
  "'x-alm-plural':{'de':'Importe','en':'Imports'},'properties':{"
  "'file':{'type':'string','title':'Datei','x-alm-title':{'en':'File'},'maxLength':1000},"
  "'sha256':{'type':'string','title':'Prüfsumme','x-alm-title':{'en':'Checksum'},"
  "  'pattern':'^[0-9a-f]{64}$'},"
  "'size':{'type':'integer','title':'Größe','x-alm-title':{'en':'Size'},'x-ogc-unit':'By',"
  "  'minimum':0},"
  "'kind':{'type':'string','title':'Art','x-alm-title':{'en':'Kind'}},"
  "'scope':{'type':'string','title':'Bereich','x-alm-title':{'en':'Scope'}},"
  "'at':{'type':'string','format':'date-time','title':'Zeit','x-alm-title':{'en':'Time'}},"
  "'mapping':{'type':'object','title':'Zuordnung','x-alm-title':{'en':'Mapping'}},"
  "'result':{'type':'object','title':'Ergebnis','x-alm-title':{'en':'Result'}}"
  "}}";

static const char import_mapping[] =
  "{" DIALECT "'title':'Importzuordnung','x-alm-title':{'en':'Import mapping'},"
  "'x-alm-plural':{'de':'Importzuordnungen','en':'Import mappings'},'x-alm-label':'{title}',"
  "'properties':{"
  "'title':{'type':'string','title':'Name','x-alm-title':{'en':'Name'},'maxLength':200},"
  "'kind':{'type':'string','title':'Art','x-alm-title':{'en':'Kind'}},"
  "'scope':{'type':'string','title':'Bereich','x-alm-title':{'en':'Scope'}},"
  "'at':{'type':'string','format':'date-time','title':'Zeit','x-alm-title':{'en':'Time'}},"
  "'header':{'type':'array','items':{'type':'string'},'title':'Kopfzeile',"
  "  'x-alm-title':{'en':'Header'}},"
  "'mapping':{'type':'object','title':'Zuordnung','x-alm-title':{'en':'Mapping'}}"
  "}}";

static const char map_view[] =
  "{" DIALECT "'title':'Kartenansicht','x-alm-title':{'en':'Map view'},"
  "'x-alm-plural':{'de':'Kartenansichten','en':'Map views'},'x-alm-label':'{title}',"
  "'properties':{"
  "'title':{'type':'string','title':'Name','x-alm-title':{'en':'Name'},'maxLength':200},"
  "'center':{" NUMBERS ",'title':'Mitte','x-alm-title':{'en':'Centre'},'x-alm-group':'place'},"
  "'zoom':{'type':'number','title':'Maßstab','x-alm-title':{'en':'Zoom'},'minimum':0,"
  "  'maximum':30,'x-alm-group':'place'},"
  "'day':{'type':'string','format':'date','title':'Tag','x-alm-title':{'en':'Day'}},"
  "'base':{'type':'string','title':'Grundkarte','x-alm-title':{'en':'Base map'}},"
  "'layers':{'type':'array','title':'Ebenen','x-alm-title':{'en':'Layers'}},"
  "'where':{'type':'string','title':'Filter','x-alm-title':{'en':'Filter'},'maxLength':4000}"
  "}}";

static const char model[] =
  "{" DIALECT "'title':'Modell','x-alm-title':{'en':'Model'},"
  "'x-alm-plural':{'de':'Modelle','en':'Models'},'x-alm-label':'{name}','properties':{"
  "'name':{'type':'string','title':'Name','pattern':'^[a-z][a-z0-9-]{0,62}$'},"
  "'schema':{'type':'object','title':'Schema'}"
  "},'required':['name','schema']}";

static const char scope[] =
  "{" DIALECT "'title':'Bereich','x-alm-title':{'en':'Scope'},"
  "'x-alm-plural':{'de':'Bereiche','en':'Scopes'},'x-alm-label':'{title|path}','properties':{"
  "'path':{'type':'string','title':'Pfad','x-alm-title':{'en':'Path'},"
  "  'pattern':'^[a-z0-9][a-z0-9-]{0,62}(/[a-z0-9][a-z0-9-]{0,62}){0,3}$'},"
  "'title':{'type':'string','title':'Titel','x-alm-title':{'en':'Title'},'maxLength':200},"
  "'unit':{'type':'string','title':'Dienststelle','x-alm-title':{'en':'Unit'},'maxLength':63}"
  "},'required':['path']}";

static const char sheet[] =
  "{" DIALECT "'title':'Kartenblatt','x-alm-title':{'en':'Sheet'},"
  "'x-alm-plural':{'de':'Kartenblätter','en':'Sheets'},'x-alm-label':'{title}','properties':{"
  "'title':{'type':'string','title':'Titel','x-alm-title':{'en':'Title'},'maxLength':300},"
  "'date':{'type':'string','format':'edtf','title':'Stand','x-alm-title':{'en':'Date'},"
  "  'x-ogc-role':'primary-instant'},"
  "'source':{'type':'string','title':'Quelle','x-alm-title':{'en':'Source'},'maxLength':1000},"
  "'rights':{'type':'string','title':'Rechte','x-alm-title':{'en':'Rights'},'maxLength':1000},"
  "'image':{" BLOB ",'title':'Bild','x-alm-title':{'en':'Image'}},"
  "'width':{'type':'integer','title':'Breite','x-alm-title':{'en':'Width'},'minimum':1},"
  "'height':{'type':'integer','title':'Höhe','x-alm-title':{'en':'Height'},'minimum':1},"
  "'type':{'type':'string','title':'Verfahren','x-alm-title':{'en':'Method'},'enum':["
  "  'straight','helmert','polynomial1','polynomial2','polynomial3','projective',"
  "  'thinPlateSpline']},"
  "'crs':{'type':'string','title':'Koordinatensystem','x-alm-title':{'en':'Reference system'}},"
  "'gcps':{'type':'array','title':'Passpunkte','x-alm-title':{'en':'Control points'},"
  "  'x-alm-merge':'set','items':{'type':'object','required':['id','pixel','map'],"
  "  'properties':{'id':{'type':'string'},'pixel':{" NUMBERS "},'map':{" NUMBERS "},"
  "  'name':{'type':'string'},'on':{'type':'boolean'}}}},"
  "'mask':{'type':'array','title':'Ausschnitt','x-alm-title':{'en':'Crop'},"
  "  'items':{" NUMBERS "}},"
  "'opacity':{'type':'number','title':'Deckkraft','x-alm-title':{'en':'Opacity'},"
  "  'minimum':0,'maximum':1},"
  "'accuracy':{'type':'number','title':'Genauigkeit','x-alm-title':{'en':'Accuracy'},"
  "  'x-ogc-unit':'m','minimum':0},"
  "'fit':{'type':'string','pattern':'^[0-9a-f]{16}$'}"
  "}}";

static const char sketch[] =
  "{" DIALECT "'title':'Skizze','x-alm-title':{'en':'Sketch'},"
  "'x-alm-plural':{'de':'Skizzen','en':'Sketches'},'x-alm-layer':'asset',"
  "'x-alm-label':'{title}','x-alm-symbol':{'shape':'circle','color':'#d55e00','size':6},"
  "'properties':{"
  "'geometry':{'format':'geometry-any','x-ogc-role':'primary-geometry','title':'Form',"
  "  'x-alm-title':{'en':'Shape'}},"
  "'title':{'type':'string','title':'Titel','x-alm-title':{'en':'Title'},'maxLength':200},"
  "'note':{'type':'string','title':'Bemerkung','x-alm-title':{'en':'Note'},'maxLength':20000,"
  "  'x-alm-merge':'text'},"
  "'color':{'type':'string','title':'Farbe','x-alm-title':{'en':'Colour'},"
  "  'pattern':'^#[0-9a-f]{6}$'}"
  "}}";

static const char tour[] =
  "{" DIALECT "'title':'Tour','x-alm-title':{'en':'Tour'},"
  "'x-alm-plural':{'de':'Touren','en':'Tours'},'x-alm-layer':'asset','x-alm-label':'{title}',"
  "'x-alm-symbol':{'shape':'circle','color':'#0072b2','size':4},'properties':{"
  "'geometry':{'format':'geometry-linestring-or-multilinestring','x-ogc-role':"
  "  'primary-geometry','title':'Weg','x-alm-title':{'en':'Route'}},"
  "'title':{'type':'string','title':'Titel','x-alm-title':{'en':'Title'},'maxLength':200},"
  "'date':{'type':'string','format':'date','title':'Tag','x-alm-title':{'en':'Day'},"
  "  'x-ogc-role':'primary-instant'},"
  "'problem':{'type':'object','title':'Aufgabe','x-alm-title':{'en':'Problem'}},"
  "'answer':{'type':'object','title':'Ergebnis','x-alm-title':{'en':'Answer'}},"
  "'stops':{'type':'array','title':'Halte','x-alm-title':{'en':'Stops'}},"
  "'note':{'type':'string','title':'Bemerkung','x-alm-title':{'en':'Note'},'maxLength':20000,"
  "  'x-alm-merge':'text'}"
  "}}";

static const char unit[] =
  "{" DIALECT "'title':'Dienststelle','x-alm-title':{'en':'Unit'},"
  "'x-alm-plural':{'de':'Dienststellen','en':'Units'},'x-alm-label':'{title|name}',"
  "'properties':{"
  "'name':{'type':'string','title':'Kürzel','x-alm-title':{'en':'Short name'},"
  "  'pattern':'^[a-z0-9][a-z0-9-]{0,62}$'},"
  "'title':{'type':'string','title':'Titel','x-alm-title':{'en':'Title'},'maxLength':200},"
  "'parent':{'type':'string','title':'Gehört zu','x-alm-title':{'en':'Belongs to'}},"
  "'type':{'type':'string','title':'Art','x-alm-title':{'en':'Type'},'enum':["
  "  'core','enterprise','subsidiary','statistics','partner']},"
  "'contact':{'type':'object','title':'Kontakt','x-alm-title':{'en':'Contact'},"
  "  'x-alm-merge':'json'},"
  "'homepage':{'type':'string','format':'uri','title':'Internetseite',"
  "  'x-alm-title':{'en':'Homepage'}},"
  "'publisher_type':{'type':'string','title':'Art des Herausgebers',"
  "  'x-alm-title':{'en':'Type of publisher'}},"
  "'contributor_id':{'type':'string','title':'Kennung des Datenbereitstellers',"
  "  'x-alm-title':{'en':'Contributor id'}}"
  "},'required':['name']}";

static const struct {
  const char *kind;
  const char *schema;
} models[] = {
  { "city", city },
  { "conflict", conflict },
  { "import", import },
  { "import-mapping", import_mapping },
  { "map-view", map_view },
  { "model", model },
  { "scope", scope },
  { "sheet", sheet },
  { "sketch", sketch },
  { "tour", tour },
  { "unit", unit },
};

const char *const *
alm_builtin_kinds (void)
{
  static const char *const kinds[] = {
    "city", "conflict", "import", "import-mapping", "map-view", "model", "scope", "sheet",
    "sketch", "tour", "unit", NULL
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == G_N_ELEMENTS (models) + 1);

  return kinds;
}

const char *
alm_builtin_schema (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_strcmp0 (models[i].kind, kind) == 0)
      {
        g_autofree char *json = g_strdelimit (g_strdup (models[i].schema), "'", '"');

        /* One copy for the life of the program. */
        return g_intern_string (json);
      }

  return NULL;
}
