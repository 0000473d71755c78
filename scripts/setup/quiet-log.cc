// TensorFlow announces on every start, before anybody could ask it not to, that it computes through oneDNN. Warnings and
// errors stay. The function is weak: a TensorFlow that names it otherwise only keeps its announcement.
extern "C" __attribute__((weak)) void setLeastLogLevel(int) __asm__(
    "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE");

namespace {
constexpr int kWarning = 1;

const bool quiet = [] {
  if (setLeastLogLevel) setLeastLogLevel(kWarning);
  return true;
}();
}  // namespace
