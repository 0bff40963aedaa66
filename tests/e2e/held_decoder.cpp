// For LD_PRELOAD: libwebp's decoder does not start before the file $HELD_DECODER.release exists, so that a test can
// check the program's behaviour during decoding. A call creates the file $HELD_DECODER.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" __attribute__((visibility("default"))) int WebPDecode(const std::uint8_t* data, std::size_t size,
                                                                 void* config) {
  const char* name = std::getenv("HELD_DECODER");
  if (name == nullptr) std::abort();
  ::close(::open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  const std::string release = std::string(name) + ".release";
  while (::access(release.c_str(), F_OK) != 0) ::usleep(10'000);
  using Decode = int (*)(const std::uint8_t*, std::size_t, void*);
  return reinterpret_cast<Decode>(::dlsym(RTLD_NEXT, "WebPDecode"))(data, size, config);
}
