#include "duck/kept_rows.h"

#include "duck/database_internal.h"

namespace duck {

KeptRows::~KeptRows() { database_.internal().tables->drop(name_); }

}  // namespace duck
