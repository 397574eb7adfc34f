// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dashboard/outcome.hpp"

namespace nodeops::dashboard {

/// How dashboards are shown, besides the form.
struct Look {
  std::vector<SourcePlan> plans = {};  ///< as in the dashboards' outcomes
  Clock::duration budget{};
  bool color = false;
  bool timeline = false;  ///< table: a waterfall below each row
};

/// Makes text of dashboards: what comes in front of all, each one, appended, and what comes behind.
class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual std::string start() { return {}; }
  virtual void show(const Dashboard& dashboard, std::string& to) = 0;
  virtual std::string finish() { return {}; }
};

/// One JSON object on a line each, as CONTRACT section 4 has them.
std::unique_ptr<Renderer> ndjson_renderer(Look look);

/// The same objects indented, one after the other.
std::unique_ptr<Renderer> json_renderer(Look look);

/// Rows for a terminal of 80 columns.
std::unique_ptr<Renderer> table_renderer(Look look);

/// One page that needs nothing else: no script, no font, no picture from elsewhere.
std::unique_ptr<Renderer> html_renderer(Look look);

/// "300.6": milliseconds with one decimal.
std::string milliseconds(Clock::duration time);

/// The waterfall of one dashboard against its cutoffs and budget, in lines of at most 80 columns.
std::string timeline(const Dashboard& dashboard, const Look& look);

}  // namespace nodeops::dashboard
