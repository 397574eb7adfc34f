/* SPDX-License-Identifier: MIT */
/* A plugin with a fault, which its build chooses: what the tests of --plugin load. */
#include <nodeops/plugin.h>
#include <string.h>

#ifndef VERSION
#define VERSION NODEOPS_PLUGIN_VERSION
#endif

uint32_t nodeops_plugin_version(void) { return VERSION; }

int nodeops_plugin_open(const char *options, const nodeops_table *table, void **instance,
                        const char **message) {
  (void)table;
  *instance = NULL;
  if (strcmp(options, "refuse") != 0) return 0;
  *message = "the options are\nnot to its taste";
  return 1;
}

#ifndef WITHOUT_TRANSFORM
/* Fails for a whole batch, or does to a record what its first value says. */
int nodeops_plugin_transform(void *instance, nodeops_batch *batch, const char **message) {
  (void)instance;
  for (size_t i = 0; i < batch->count; ++i) {
    nodeops_record *const record = &batch->records[i];
    const nodeops_text value = record->fields[0];
    const char what = value.size > 0 ? value.data[0] : ' ';
    if (what == 'f') {
      *message = "no more of this";
      return 7;
    }
    if (what == 'd') record->verdict = NODEOPS_DROP;
    if (what == 'r') record->verdict = NODEOPS_REJECT;
    if (what == 'v') record->verdict = (nodeops_verdict)99;
    if (what == 'n') record->fields[0] = (nodeops_text){NULL, 5};
    if (what == 'q') record->fields[0] = (nodeops_text){"a,\"b", 4};
  }
  return 0;
}
#endif

void nodeops_plugin_close(void *instance) { (void)instance; }
