/* SPDX-License-Identifier: MIT */
#ifndef NODEOPS_PLUGIN_H
#define NODEOPS_PLUGIN_H

/*
 * The interface of a plugin for `nodeops csv-transform --plugin FILE.so[:OPTIONS]`: a shared object
 * that has the four functions declared at the end. Any language that can make such an object will
 * do; this header is C.
 *
 *   nodeops_plugin_version()      once, when the file is loaded
 *   nodeops_plugin_open()         for each worker, when the table's columns are known
 *   nodeops_plugin_transform()    for each batch of records
 *   nodeops_plugin_close()        for each worker, at the end
 *
 * Threads: an instance, which is what open() makes, is never used by two threads at once, but may
 * be used by one after the other. Different instances are used at the same time, so what they share
 * the plugin must guard. Records come to any instance, and in batches of any size: what becomes of
 * a record must depend on that record alone.
 *
 * A plugin runs inside nodeops, with all its rights; nothing is checked but what is said here. No
 * exception may leave its functions.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What nodeops_plugin_version() returns. A plugin of another number is refused. */
#define NODEOPS_PLUGIN_VERSION 1

#if defined(__GNUC__)
#define NODEOPS_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define NODEOPS_PLUGIN_EXPORT
#endif

/* Bytes, any of them, not ended by a zero. */
typedef struct nodeops_text {
  const char *data;
  size_t size;
} nodeops_text;

/* The table, as the transforms before have left it. It lives while open() runs. */
typedef struct nodeops_table {
  size_t columns;
  const nodeops_text *names; /* one for each column; NULL when there is no header */

  /* Adds a column behind the others; gives its place, or SIZE_MAX when one has this name. */
  size_t (*add_column)(void *host, const char *name);
  void *host; /* to be passed to add_column */
} nodeops_table;

typedef enum nodeops_verdict {
  NODEOPS_KEEP = 0,  /* the record goes on with the values that it has now */
  NODEOPS_DROP = 1,  /* it is left out, as by --where */
  NODEOPS_REJECT = 2 /* it is malformed, for the reason in `message` */
} nodeops_verdict;

typedef struct nodeops_record {
  /*
   * The values, one for each column, quotes undone; those of added columns are empty. A value is
   * changed by putting another text in its place: of static memory, of the instance's own, which is
   * copied when transform() returns, or of what allocate() gave. The bytes themselves are not the
   * plugin's to change.
   */
  nodeops_text *fields;
  int verdict;         /* a nodeops_verdict; NODEOPS_KEEP on entry; what is none rejects */
  const char *message; /* of NODEOPS_REJECT: why; NULL on entry */
} nodeops_record;

typedef struct nodeops_batch {
  nodeops_record *records;
  size_t count; /* at least 1 */
  size_t columns; /* of each record, with those that were added */

  /* Memory for new values, which lives until the batch has been written; NULL when there is none. */
  char *(*allocate)(void *host, size_t size);
  void *host; /* to be passed to allocate */
} nodeops_batch;

NODEOPS_PLUGIN_EXPORT uint32_t nodeops_plugin_version(void);

/*
 * Makes an instance. `options` is what stands behind the colon on the command line, or "". Gives 0;
 * anything else ends the run, for the reason in *message, which must stay readable.
 */
NODEOPS_PLUGIN_EXPORT int nodeops_plugin_open(const char *options, const nodeops_table *table,
                                              void **instance, const char **message);

/*
 * Transforms a batch. Gives 0; anything else rejects all of its records that are still kept, for
 * the reason in *message.
 */
NODEOPS_PLUGIN_EXPORT int nodeops_plugin_transform(void *instance, nodeops_batch *batch,
                                                   const char **message);

/* Frees what open() made. */
NODEOPS_PLUGIN_EXPORT void nodeops_plugin_close(void *instance);

#ifdef __cplusplus
}
#endif

#endif
