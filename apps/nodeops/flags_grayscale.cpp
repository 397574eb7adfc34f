// SPDX-License-Identifier: MIT
#include <map>

#include "core/units.hpp"
#include "flags.hpp"
#include "image/batch_names.hpp"

namespace nodeops {
namespace {

/// "268M", "1000000": a number of pixels, with K, M and G as powers of 1000.
bool parse_pixels(std::string_view text, std::uint64_t& pixels) {
  std::uint64_t factor = 1;
  if (!text.empty()) {
    const char unit = text.back();
    if (unit == 'K') factor = 1'000;
    if (unit == 'M') factor = 1'000'000;
    if (unit == 'G') factor = 1'000'000'000;
    if (factor > 1) text.remove_suffix(1);
  }
  constexpr std::uint64_t most = 1'000'000'000'000;
  if (!parse_number(text, pixels) || pixels == 0 || pixels > most / factor) return false;
  pixels *= factor;
  return true;
}

template <class Value>
bool choose(const std::map<std::string, Value>& values, const std::string& text, Value& to) {
  const auto found = values.find(text);
  if (found == values.end()) return false;
  to = found->second;
  return true;
}

void add_input_flags(CLI::App& app, GrayscaleOptions& options) {
  const auto* const group = "Input";
  app.add_flag("-r,--recursive", options.recursive, "descends into directories")->group(group);
  add_parsed(app, "--files-from", "FILE", "takes the names of inputs from a list, one a line",
             "a name that is not empty",
             [&](const std::string& text) {
               options.files_from = text;
               return !text.empty();
             })
      ->group(group);
  app.add_flag("-0,--null", options.null_separated, "the names in that list end with NUL")
      ->group(group);
  add_parsed(
      app, "--max-pixels", "N", "refuses larger images (default: 268M)", "1 to 1000G, such as 50M",
      [&](const std::string& text) { return parse_pixels(text, options.convert.most_pixels); })
      ->group(group);
}

void add_place_flags(CLI::App& app, GrayscaleOptions& options) {
  const auto* const group = "Where the outputs go";
  add_parsed(app, "--name", "PATTERN", "names of outputs (default: {dir}/{stem}-gray.{ext})",
             "a name with {dir}, {stem}, {ext}",
             [&](const std::string& text) {
               options.name = text;
               // What is wrong with it is said better there.
               return !text.empty() && (image::NamePattern(text), true);
             })
      ->group(group);
  app.add_flag("--in-place", options.in_place, "outputs replace their inputs")->group(group);
  app.add_flag("--overwrite", options.overwrite, "replaces outputs that exist")->group(group);
  app.add_flag("--update", options.update,
               "skips images whose output is newer and made with the same options")
      ->group(group);
}

void add_form_flags(CLI::App& app, GrayscaleOptions& options) {
  const auto* const group = "What they are";
  using image::Luma;
  using image::Target;
  image::ConvertOptions& convert = options.convert;
  add_parsed(app, "--to", "FORMAT", "keep, png, jpg, bmp, tga, pgm, webp (default: keep)",
             "keep, png, jpg, bmp, tga, pgm, webp",
             [&](const std::string& text) {
               options.target_given = true;
               return choose<Target>({{"keep", Target::keep},
                                      {"png", Target::png},
                                      {"jpg", Target::jpg},
                                      {"bmp", Target::bmp},
                                      {"tga", Target::tga},
                                      {"pgm", Target::pgm},
                                      {"webp", Target::webp}},
                                     text, convert.to);
             })
      ->group(group);
  add_parsed(app, "--compression", "N", "effort for PNG (default: 6)", "0 to 9",
             [&](const std::string& text) {
               return parse_number(text, convert.compression) && convert.compression >= 0 &&
                      convert.compression <= 9;
             })
      ->group(group);
  add_parsed(app, "--quality", "keep|N", "of JPEG; keep = without loss, else 90 (default: keep)",
             "keep, or 1 to 100",
             [&](const std::string& text) {
               convert.quality.reset();
               if (text == "keep") return true;
               int& quality = convert.quality.emplace();
               return parse_number(text, quality) && quality >= 1 && quality <= 100;
             })
      ->group(group);
  add_parsed(app, "--luma", "WEIGHTS", "bt601, bt709, linear (default: bt601)",
             "bt601, bt709, linear",
             [&](const std::string& text) {
               return choose<Luma>(
                   {{"bt601", Luma::bt601}, {"bt709", Luma::bt709}, {"linear", Luma::linear}}, text,
                   convert.luma);
             })
      ->group(group);
  const auto add_choice = [&](const char* name, const char* other, bool& to,
                              const char* description) {
    add_parsed(app, name, std::string("keep|") + other, description, std::string("keep, ") + other,
               [&to, other](const std::string& text) {
                 to = text == other;
                 return to || text == "keep";
               })
        ->group(group);
  };
  add_choice("--alpha", "drop", convert.drop_alpha, "transparency (default: keep)");
  add_choice("--depth", "8", convert.eight_bits, "bits of a sample (default: keep)");
  add_choice("--orient", "apply", convert.apply_orientation, "EXIF orientation (default: keep)");
  add_choice("--metadata", "strip", convert.strip_metadata, "ICC, EXIF, XMP (default: keep)");
}

void add_work_flags(CLI::App& app, GrayscaleOptions& options) {
  const auto* const group = "Work";
  using image::Order;
  add_parsed(app, "--isolate", "HOW", "workers are threads or processes (default: threads)",
             "threads, processes",
             [&](const std::string& text) {
               options.in_processes = text == "processes";
               return options.in_processes || text == "threads";
             })
      ->group(group);
  add_parsed(app, "--timeout", "DURATION", "what one image may take; 0 = no limit (default: 60s)",
             "0, or 1ms or more, such as 10s",
             [&](const std::string& text) {
               const auto time = parse_duration(text);
               options.timeout = time.value_or(options.timeout);
               return time && (time->count() == 0 || *time >= std::chrono::milliseconds(1));
             })
      ->group(group);
  add_parsed(
      app, "--order", "ORDER", "smallest, largest, given: what is first (default: given)",
      "smallest, largest, given",
      [&](const std::string& text) {
        return choose<Order>(
            {{"smallest", Order::smallest}, {"largest", Order::largest}, {"given", Order::given}},
            text, options.order);
      })
      ->group(group);
  add_parsed(app, "--on-error", "POLICY", "continue or stop (default: continue)", "continue, stop",
             [&](const std::string& text) {
               options.stop_on_error = text == "stop";
               return options.stop_on_error || text == "continue";
             })
      ->group(group);
}

}  // namespace

void add_grayscale_flags(CLI::App& app, Invocation& invocation) {
  auto& options = invocation.options.emplace<GrayscaleOptions>();
  invocation.common.output.clear();  // the outputs are beside the inputs unless it is given
  invocation.noun = "images";
  invocation.tells_heartbeat = true;
  app.add_option("INPUT", options.inputs,
                 "images, directories; - or none: an image on standard input")
      ->type_name("");
  add_input_flags(app, options);
  add_place_flags(app, options);
  add_form_flags(app, options);
  add_work_flags(app, options);
}

}  // namespace nodeops
