/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

/* Also where both are not there. */
static inline void
assert_same_value (const AlmValue *a,
                   const AlmValue *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  g_assert_true (a == NULL || alm_value_equal (a, b));
}
