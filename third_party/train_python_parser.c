// Parses and walks the files named on the command line: the run that GCC's profile comes from.
#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (bytes != NULL) *size = fread(bytes, 1, *size, file);
  fclose(file);
  return bytes;
}

static unsigned long walk(TSTree *tree) {
  unsigned long sum = 0;
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  for (;;) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    sum += ts_node_symbol(node) + ts_node_start_byte(node) + ts_node_end_byte(node);
    if (ts_node_is_named(node)) {
      sum += ts_tree_cursor_current_field_id(&cursor);
      if (ts_tree_cursor_goto_first_child(&cursor)) continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (!ts_tree_cursor_goto_parent(&cursor)) {
        ts_tree_cursor_delete(&cursor);
        return sum;
      }
    }
  }
}

static bool never(TSParseState *state) {
  (void)state;
  return false;
}

typedef struct {
  const char *bytes;
  size_t size;
} Source;

static const char *read_source(void *payload, uint32_t start, TSPoint point, uint32_t *count) {
  (void)point;
  const Source *source = payload;
  *count = start < source->size ? (uint32_t)(source->size - start) : 0;
  return source->bytes + start;
}

int main(int argc, char **argv) {
  unsigned long sum = 0;
  TSParser *parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_python());
  for (int i = 1; i < argc; ++i) {
    Source source;
    char *bytes = read_file(argv[i], &source.size);
    if (bytes == NULL) continue;
    source.bytes = bytes;
    const TSInput input = {.payload = &source, .read = read_source, .encoding = TSInputEncodingUTF8};
    const TSParseOptions options = {.progress_callback = never};
    TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
    sum += walk(tree);
    ts_tree_delete(tree);
    free(bytes);
  }
  ts_parser_delete(parser);
  printf("%lu\n", sum);
  return 0;
}
