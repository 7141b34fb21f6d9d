// The checksums that Hadoop's local file system, and Spark by it, keeps beside each file that it
// writes: "/a/.b.crc" for "/a/b". delta::local_store holds what it reads to them, and takes them
// away with their files; who publishes files of a table by other means has to do so too.
#pragma once

#include <string>

namespace delta {

// Removes those of the local file at `path` that is gone, or about to be replaced; nothing happens
// when there are none. False, and errno says why, when they stay. Any thread.
bool remove_hadoop_checksums(const std::string& path);

}  // namespace delta
