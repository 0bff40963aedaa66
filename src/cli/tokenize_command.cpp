#include "base/json.h"
#include "cli/commands.h"
#include "cli/text_layout.h"

namespace clipseek::cli {

int run_tokenize(const TokenizeArguments& arguments, const Console& console) {
  auto model = open_model(arguments.model);
  for (const std::string& text : arguments.texts) {
    auto ids = model->tokenize(text);
    if (arguments.json) {
      base::Json::Array array(ids.begin(), ids.end());
      console.out << base::Json(base::Json::Object{{"text", text}, {"ids", std::move(array)}}).dump() + "\n";
      continue;
    }
    std::string line = printable(text) + ":";
    for (auto id : ids) line += " " + std::to_string(id);
    console.out << line + "\n";
  }
  return 0;
}

}  // namespace clipseek::cli
