// An index report as JSON: what `clipseek index --json` prints and the HTTP API returns.
#pragma once

#include "base/json.h"
#include "clipseek/catalog.h"

namespace clipseek::catalog {

inline base::Json to_json(const IndexReport& report) {
  return base::Json::Object{{"added", report.added}, {"updated", report.updated}, {"unchanged", report.unchanged},
                            {"moved", report.moved}, {"removed", report.removed}, {"failed", report.failed},
                            {"total", report.total}, {"seconds", report.seconds}};
}

}  // namespace clipseek::catalog
