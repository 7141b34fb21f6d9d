// Results of any size, taken as they are computed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "delta/arrow_c_data.h"
#include "delta/value.h"
#include "duck/database.h"

namespace duck {

// Runs one query, with `parameters` bound to $1…, and calls `visit` for each row; memory does not
// grow with the rows. Nested values come as text. Errors as of Connection; what `visit` throws
// stops the query and leaves as it is.
void for_each_row(Connection& connection, const std::string& sql,
                  const std::vector<delta::Value>& parameters,
                  const std::function<void(const std::vector<delta::Value>& row)>& visit);

// Runs one query and fills in `stream`, the Arrow C stream interface, which gives its rows in
// batches as they are computed. The caller releases the stream, before the connection runs anything
// else or goes. Errors that come up later are those of the stream.
void open_arrow_stream(Connection& connection, const std::string& sql,
                       const std::vector<delta::Value>& parameters, ArrowArrayStream& stream);

}  // namespace duck
