// SPDX-License-Identifier: MIT
#include "csv/plugin_step.hpp"

#include <cstdint>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/column_scope.hpp"
#include "csv/plugin_library.hpp"
#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops::csv {
namespace {

/// A plugin's own words, as one line that tells nothing personal.
std::string said(const char* message) {
  return message == nullptr ? "it does not say why" : printable(mask_text(message));
}

struct Names {
  std::string path;
  std::string options;
};

/// One instance of the plugin.
class Instance {
 public:
  /// `add` gives the place of a column that the plugin adds, or SIZE_MAX.
  template <class Add>
  Instance(const PluginLibrary& library, const Names& names,
           const std::vector<std::string>& columns, bool has_names, Add add)
      : library_(library) {
    std::vector<nodeops_text> texts;
    texts.reserve(columns.size());
    for (const std::string& name : columns) texts.push_back({name.data(), name.size()});
    const auto add_column = [](void* host, const char* name) -> std::size_t {
      return (*static_cast<Add*>(host))(name);
    };
    const nodeops_table table{.columns = columns.size(),
                              .names = has_names ? texts.data() : nullptr,
                              .add_column = add_column,
                              .host = &add};
    const char* message = nullptr;
    if (library_.open(names.options.c_str(), &table, &instance_, &message) != 0)
      throw AppError(ErrorKind::usage, "--plugin: " + names.path + ": " + said(message));
  }
  ~Instance() { library_.close(instance_); }
  Instance(Instance&&) = delete;

  int transform(nodeops_batch& batch, const char*& message) {
    return library_.transform(instance_, &batch, &message);
  }

 private:
  const PluginLibrary& library_;
  void* instance_ = nullptr;
};

/// What the workers share.
struct BoundPlugin {
  std::shared_ptr<const PluginLibrary> library;
  Names names;
  std::vector<std::string> column_names;  ///< before any was added
  bool has_names = false;
  std::vector<std::size_t> columns = {};  ///< with those that were added
  std::vector<std::string> added = {};
};

class PluginWorker : public RowWorker {
 public:
  PluginWorker(const BoundPlugin& bound, std::unique_ptr<Instance> instance)
      : bound_(bound), instance_(std::move(instance)) {}

  void apply(std::span<Row> rows) override {
    if (rows.empty()) return;
    fill(rows);
    nodeops_batch batch{.records = records_.data(),
                        .count = rows.size(),
                        .columns = bound_.columns.size(),
                        .allocate = allocate,
                        .host = &rows.front().scratch()};
    const char* message = nullptr;
    const bool failed = instance_->transform(batch, message) != 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (failed && records_[i].verdict == NODEOPS_KEEP) {
        refuse(rows[i], said(message));
      } else {
        take(rows[i], i);
      }
    }
  }

 private:
  static char* allocate(void* host, std::size_t size) {
    try {
      auto& scratch = *static_cast<Scratch*>(host);
      char* const memory = scratch.reserve(size);
      scratch.keep(size);
      return memory;
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }

  std::size_t own_columns() const { return bound_.columns.size() - bound_.added.size(); }

  void fill(std::span<Row> rows) {
    const std::size_t width = bound_.columns.size();
    fields_.assign(rows.size() * width, {.data = "", .size = 0});
    given_.resize(rows.size() * width);
    records_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t column = 0; column < own_columns(); ++column) {
        const std::string_view value = rows[i].value(bound_.columns[column]);
        if (!value.empty()) fields_[i * width + column] = {value.data(), value.size()};
      }
      records_[i] = {.fields = &fields_[i * width], .verdict = NODEOPS_KEEP, .message = nullptr};
    }
    given_ = fields_;
  }

  void refuse(Row& row, const std::string& why) const {
    row.refuse("--plugin " + bound_.names.path + ": " + why);
  }

  void take(Row& row, std::size_t i) const {
    const nodeops_record& record = records_[i];
    if (record.verdict == NODEOPS_DROP) {
      row.filter();
    } else if (record.verdict != NODEOPS_KEEP) {
      refuse(row, said(record.message));
    } else {
      for (std::size_t column = 0; column < bound_.columns.size(); ++column) {
        const nodeops_text& now = fields_[i * bound_.columns.size() + column];
        const nodeops_text& before = given_[i * bound_.columns.size() + column];
        if (column < own_columns() && now.data == before.data && now.size == before.size) continue;
        const bool has_bytes = now.data != nullptr && now.size > 0;
        row.set(bound_.columns[column],
                has_bytes ? row.scratch().copy({now.data, now.size}) : std::string_view());
      }
    }
  }

  const BoundPlugin& bound_;
  std::unique_ptr<Instance> instance_;
  std::vector<nodeops_text> fields_;  ///< of all records of the batch, one behind the other
  std::vector<nodeops_text> given_;   ///< the same before the plugin saw them
  std::vector<nodeops_record> records_;
};

class BoundPluginStep : public BoundRowTransform {
 public:
  BoundPluginStep(BoundPlugin bound, std::unique_ptr<Instance> first)
      : bound_(std::move(bound)), first_(std::move(first)) {}

  std::unique_ptr<RowWorker> make_worker() const override {
    const std::lock_guard lock(mutex_);
    auto instance = first_ ? std::move(first_) : another();
    return std::make_unique<PluginWorker>(bound_, std::move(instance));
  }

 private:
  /// An instance more, which must add the columns that the first one has added.
  std::unique_ptr<Instance> another() const {
    std::size_t count = 0;
    bool differs = false;
    const std::size_t own = bound_.columns.size() - bound_.added.size();
    const auto add = [&](const char* name) -> std::size_t {
      differs = differs || count == bound_.added.size() || bound_.added[count] != name;
      return own + count++;
    };
    auto made = std::make_unique<Instance>(*bound_.library, bound_.names, bound_.column_names,
                                           bound_.has_names, add);
    if (differs || count != bound_.added.size()) {
      throw AppError(ErrorKind::unavailable,
                     bound_.names.path + ": the plugin does not add the same columns each time");
    }
    return made;
  }

  BoundPlugin bound_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Instance> first_;  ///< for the first worker
};

/// The options stand behind the first colon that follows the suffix, else behind the first one.
Names split(const std::string& text) {
  constexpr std::string_view suffix = ".so:";
  const auto suffixed = text.find(suffix);
  const auto colon = suffixed == std::string::npos ? text.find(':') : suffixed + suffix.size() - 1;
  if (colon == std::string::npos) return {.path = text, .options = {}};
  return {.path = text.substr(0, colon), .options = text.substr(colon + 1)};
}

class PluginStep : public RowTransform {
 public:
  explicit PluginStep(const std::string& text)
      : names_(split(text)), library_(std::make_shared<const PluginLibrary>(names_.path)) {}

  bool filters() const override { return true; }
  bool wants_batches() const override { return true; }

  std::shared_ptr<const BoundRowTransform> bind(ColumnScope& columns) const override {
    BoundPlugin bound{.library = library_,
                      .names = names_,
                      .column_names = columns.names(),
                      .has_names = columns.has_names()};
    for (std::size_t i = 0; i < bound.column_names.size(); ++i)
      bound.columns.push_back(columns.change(i));
    const auto add = [&](const char* name) -> std::size_t {
      const std::string text = name == nullptr ? "" : name;
      if (columns.has_names() && (text.empty() || columns.is_there(text))) return SIZE_MAX;
      bound.columns.push_back(columns.add(text));
      bound.added.push_back(text);
      return bound.columns.size() - 1;
    };
    auto first =
        std::make_unique<Instance>(*library_, names_, bound.column_names, bound.has_names, add);
    return std::make_shared<BoundPluginStep>(std::move(bound), std::move(first));
  }

 private:
  Names names_;
  std::shared_ptr<const PluginLibrary> library_;
};

}  // namespace

std::string plugin_path(const std::string& text) {
  return split(text).path;
}

std::shared_ptr<const RowTransform> plugin(const std::string& text) {
  if (text.empty() || text.front() == ':')
    throw AppError(ErrorKind::usage, "'" + text + "' is not of the form FILE.so[:OPTIONS]");
  return std::make_shared<PluginStep>(text);
}

}  // namespace nodeops::csv
