// Whether a roaring bitmap that came from outside keeps the format's promises.
#pragma once

#include <roaring/roaring.h>

namespace delta {

// What is wrong with a deserialized bitmap: containers or values out of order, or another number of
// values than a container says. CRoaring believes all of that, and gives wrong answers. Null when
// the bitmap is sound. The text is a constant.
const char* bitmap_fault(const roaring_bitmap_t& bitmap);

}  // namespace delta
