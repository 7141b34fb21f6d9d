#include "delta/src/arrow_json.h"

#include <charconv>
#include <cmath>

#include "delta/src/calendar.h"
#include "delta/src/decimal_text.h"
#include "delta/src/json_text.h"

namespace delta {
namespace {

void append_struct(const ArrowColumn& column, std::int64_t row, std::string& out) {
  out += '{';
  for (std::int64_t i = 0; i < column.child_count(); ++i) {
    const ArrowColumn member = column.child(i);
    if (member.is_null(row)) continue;
    if (out.back() != '{') out += ',';
    append_json_string(out, column.child_name(i));
    out += ':';
    append_json(member, row, out);
  }
  out += '}';
}

// "tss:", "tsm:", "tsu:" and "tsn:", then the time zone, if there is one.
void append_timestamp(const ArrowColumn& column, std::int64_t row, std::string& out) {
  std::int64_t time = column.integer(row);
  switch (column.format()[2]) {
    case 's':
      time *= kMicrosPerSecond;
      break;
    case 'm':
      time *= kMicrosPerMilli;
      break;
    case 'n':
      time = time / 1000 - (time % 1000 < 0 ? 1 : 0);
      break;
    default:
      break;
  }
  const bool has_zone = column.format().size() > std::string_view("tsu:").size();
  out += '"' + format_timestamp(time, 'T', 6) + (has_zone ? "Z\"" : "\"");
}

// The scale in "d:<precision>,<scale>[,<bits>]".
int scale_of(std::string_view format) {
  int scale = 0;
  const std::size_t comma = format.find(',');
  if (comma != std::string_view::npos) {
    std::from_chars(format.data() + comma + 1, format.data() + format.size(), scale);
  }
  return scale;
}

void append_float(double number, std::string& out) {
  if (std::isfinite(number)) {
    append_json_number(out, number);
  } else {
    out += "null";
  }
}

}  // namespace

void append_json(const ArrowColumn& column, std::int64_t row, std::string& out) {
  const std::string_view format = column.format();
  if (column.is_null(row)) {
    out += "null";
  } else if (format == "+s") {
    append_struct(column, row, out);
  } else if (format == "b") {
    out += column.boolean(row) ? "true" : "false";
  } else if (format == "f" || format == "g") {
    append_float(column.number(row), out);
  } else if (format == "u" || format == "U" || format == "vu" || column.is_dictionary()) {
    append_json_string(out, column.text(row));
  } else if (format == "tdD") {
    out += '"' + format_date(Date{static_cast<std::int32_t>(column.integer(row))}) + '"';
  } else if (format.starts_with("ts") && format.size() > 2) {
    append_timestamp(column, row, out);
  } else if (format.starts_with("d:")) {
    out += format_decimal({column.decimal(row), 38, scale_of(format)});
  } else if (format.size() == 1 &&
             std::string_view("cCsSiIlL").find(format[0]) != std::string_view::npos) {
    out += std::to_string(column.integer(row));
  } else {
    out += "null";
  }
}

}  // namespace delta
