/* SPDX-License-Identifier: MIT */
/*
 * A plugin that checks and straightens book numbers: `--plugin isbn.so:COLUMN`.
 *
 * The column's value, an ISBN of 10 or 13 digits with any spaces and hyphens, becomes the 13 digits;
 * a column `isbn10` is added, which holds the old form where there is one. A record without a number
 * is left out; one whose check digit is wrong is rejected.
 */
#include <nodeops/plugin.h>
#include <stdlib.h>
#include <string.h>

/* What one instance knows. It changes nothing of it while it works. */
typedef struct isbn_columns {
  size_t isbn;
  size_t isbn10;
} isbn_columns;

uint32_t nodeops_plugin_version(void) { return NODEOPS_PLUGIN_VERSION; }

int nodeops_plugin_open(const char *options, const nodeops_table *table, void **instance,
                        const char **message) {
  const size_t size = strlen(options);
  if (table->names == NULL) {
    *message = "the table has no column names";
    return 1;
  }
  for (size_t i = 0; i < table->columns; ++i) {
    if (table->names[i].size != size || memcmp(table->names[i].data, options, size) != 0) continue;
    isbn_columns *const made = malloc(sizeof *made);
    if (made == NULL) break;
    made->isbn = i;
    made->isbn10 = table->add_column(table->host, "isbn10");
    if (made->isbn10 == SIZE_MAX) {
      free(made);
      *message = "there is a column isbn10 already";
      return 1;
    }
    *instance = made;
    return 0;
  }
  *message = "no such column; name the one of the book numbers: isbn.so:COLUMN";
  return 1;
}

void nodeops_plugin_close(void *instance) { free(instance); }

/* The check digit behind the first 12 digits of an ISBN of 13. */
static char check_digit_13(const char *digits) {
  int sum = 0;
  for (int i = 0; i < 12; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return (char)('0' + (10 - sum % 10) % 10);
}

/* The check digit, which may be an X, behind the first 9 digits of an ISBN of 10. */
static char check_digit_10(const char *digits) {
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (digits[i] - '0') * (10 - i);
  const int digit = (11 - sum % 11) % 11;
  return digit == 10 ? 'X' : (char)('0' + digit);
}

/* Copies the digits, and an X at the tenth place. Gives how many, at most 14; -1 for another sign. */
static int read_digits(nodeops_text value, char *digits) {
  int count = 0;
  for (size_t i = 0; i < value.size && count < 14; ++i) {
    const char c = value.data[i];
    if (c == ' ' || c == '-') continue;
    if ((c < '0' || c > '9') && !((c == 'X' || c == 'x') && count == 9)) return -1;
    digits[count++] = (char)(c == 'x' ? 'X' : c);
  }
  return count;
}

static const char *straighten(const isbn_columns *columns, nodeops_record *record, char *memory) {
  char digits[14];
  char *const long_form = memory;
  char *const short_form = memory + 13;
  const int count = read_digits(record->fields[columns->isbn], digits);
  if (count == 10) {
    if (digits[9] != check_digit_10(digits)) return "wrong check digit";
    memcpy(long_form, "978", 3);
    memcpy(long_form + 3, digits, 9);
    long_form[12] = check_digit_13(long_form);
  } else if (count == 13) {
    if (memchr(digits, 'X', 13) != NULL || digits[12] != check_digit_13(digits))
      return "wrong check digit";
    memcpy(long_form, digits, 13);
  } else {
    return "not an ISBN";
  }
  record->fields[columns->isbn] = (nodeops_text){long_form, 13};
  if (memcmp(long_form, "978", 3) == 0) {
    memcpy(short_form, long_form + 3, 9);
    short_form[9] = check_digit_10(short_form);
    record->fields[columns->isbn10] = (nodeops_text){short_form, 10};
  }
  return NULL;
}

int nodeops_plugin_transform(void *instance, nodeops_batch *batch, const char **message) {
  const isbn_columns *const columns = instance;
  const size_t each = 13 + 10; /* both forms */
  char *const memory = batch->allocate(batch->host, batch->count * each);
  if (memory == NULL) {
    *message = "not enough memory";
    return 1;
  }
  for (size_t i = 0; i < batch->count; ++i) {
    nodeops_record *const record = &batch->records[i];
    if (record->fields[columns->isbn].size == 0) {
      record->verdict = NODEOPS_DROP;
      continue;
    }
    record->message = straighten(columns, record, memory + i * each);
    if (record->message != NULL) record->verdict = NODEOPS_REJECT;
  }
  return 0;
}
