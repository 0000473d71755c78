// better-sqlite3 keeps references to strings and numbers, which only Node-API 10 allows. Before that a reference
// can hold objects alone, so here such a value lives in an array of one element, and the array is referenced.
#pragma once
#include <napi.h>

#include <utility>

namespace Napi {

template <typename T>
class BoxedReference {
 public:
  BoxedReference() = default;

  static Reference<T> New(const T& value, uint32_t count = 0) {
    Reference<T> reference;
    reference.Reset(value, count);
    return reference;
  }

  bool IsEmpty() const { return box_.IsEmpty(); }

  T Value() const {
    return box_.IsEmpty() ? T() : box_.Value().Get(0u).template As<T>();
  }

  void Reset() { box_.Reset(); }

  void Reset(const T& value, uint32_t count = 0) {
    Array box = Array::New(value.Env(), 1);
    box.Set(0u, value);
    box_ = Reference<Array>::New(box, count);
  }

 private:
  Reference<Array> box_;
};

template <>
class Reference<String> : public BoxedReference<String> {};

template <>
class Reference<Value> : public BoxedReference<Value> {};

}  // namespace Napi
