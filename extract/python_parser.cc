#include "extract/python_parser.h"

#include <chrono>
#include <cstdint>
#include <ctime>
#include <new>

extern "C" const TSLanguage* tree_sitter_python();

namespace extract {
namespace {

// What the calling thread has had of a processor: what else the machine does is not held against
// a file.
std::chrono::nanoseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

struct Limit {
  std::chrono::nanoseconds deadline;  // in the thread's processor time
  const std::atomic<bool>* stop;
  int calls = 0;
};

bool is_over(TSParseState* state) {
  constexpr int kCallsBetweenLooks = 64;  // at the clock, which the kernel has to be asked for
  Limit& limit = *static_cast<Limit*>(state->payload);
  if (limit.stop != nullptr && limit.stop->load(std::memory_order_relaxed)) return true;
  return ++limit.calls % kCallsBetweenLooks == 0 && processor_time() > limit.deadline;
}

const char* read_bytes(void* payload, std::uint32_t start, TSPoint, std::uint32_t* count) {
  const std::string_view& bytes = *static_cast<const std::string_view*>(payload);
  if (start >= bytes.size()) {
    *count = 0;
    return "";
  }
  *count = static_cast<std::uint32_t>(bytes.size() - start);
  return bytes.data() + start;
}

std::uint32_t decode_latin1(const std::uint8_t* bytes, std::uint32_t count,
                            std::int32_t* code_point) {
  if (count == 0) return 0;
  *code_point = bytes[0];
  return 1;
}

}  // namespace

const TSLanguage* python_language() { return tree_sitter_python(); }

PythonParser::PythonParser(const std::atomic<bool>* stop) : parser_(ts_parser_new()), stop_(stop) {
  if (parser_ == nullptr) throw std::bad_alloc();
  ts_parser_set_language(parser_.get(), python_language());
}

Tree PythonParser::parse(const SourceText& source) {
  std::string_view bytes = source.bytes();
  const bool latin1 = source.encoding() == Encoding::kLatin1;
  const TSInput input = {
      .payload = &bytes,
      .read = &read_bytes,
      .encoding = latin1 ? TSInputEncodingCustom : TSInputEncodingUTF8,
      .decode = latin1 ? &decode_latin1 : nullptr,
  };
  const auto mebibytes = static_cast<int>(bytes.size() >> 20);
  Limit limit = {processor_time() + std::chrono::seconds(5 + 2 * mebibytes), stop_};
  const TSParseOptions options = {.payload = &limit, .progress_callback = &is_over};
  Tree tree(ts_parser_parse_with_options(parser_.get(), nullptr, input, options));
  // Without this the next file would go on where this one was left.
  if (tree == nullptr) ts_parser_reset(parser_.get());
  return tree;
}

}  // namespace extract
