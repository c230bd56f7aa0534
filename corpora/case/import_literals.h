// The literals of operator input logs: Python's numbers, strings, None, lists, tuples and dicts; T(sizes,
// dtype, stride=...) for tensors; f32 or torch.float32 for dtypes; device(type='cpu'); torch.strided and
// other layouts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/text_cursor.h"

namespace corpora {

// The arguments of one logged call. Its tensors are `inputs`, each with its own storage.
struct LoggedCall {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> by_name;
  std::vector<Storage> storages;
  std::vector<Input> inputs;
  std::string why_not;  // why no case can hold the call, or empty
};

// ((positional...), {'name': value...}) at the cursor. Throws engine::InputError on malformed text.
LoggedCall parse_logged_call(Cursor& cursor);

}  // namespace corpora
