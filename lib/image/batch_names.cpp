// SPDX-License-Identifier: MIT
#include "image/batch_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "core/error.hpp"
#include "image/format.hpp"

namespace nodeops::image {

using namespace std::string_view_literals;

namespace {

constexpr std::array suffixes = {
    "jpg"sv, "jpeg"sv, "jpe"sv, "jfif"sv, "png"sv, "webp"sv, "bmp"sv,  "dib"sv, "tga"sv,
    "gif"sv, "psd"sv,  "hdr"sv, "pic"sv,  "pnm"sv, "pgm"sv,  "ppm"sv,  "pbm"sv, "pam"sv,
    "tif"sv, "tiff"sv, "ico"sv, "avif"sv, "jxl"sv, "heic"sv, "heif"sv, "jp2"sv,
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return text;
}

/// Without the dot.
std::string suffix_of(std::string_view name) {
  const std::string suffix = std::filesystem::path(name).extension().string();
  return suffix.empty() ? suffix : suffix.substr(1);
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw AppError(ErrorKind::usage,
                 "--name: '" + std::string(text) +
                     "' is not allowed; allowed: a name with {dir}, {stem}, {ext} (" + why + ")");
}

}  // namespace

NamePattern::NamePattern(std::string_view text) {
  std::string plain;
  const auto add = [&](Piece piece) {
    if (!plain.empty()) pieces_.emplace_back(Piece::text, std::exchange(plain, {}));
    if (piece != Piece::text) pieces_.emplace_back(piece, std::string());
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto left = text.substr(at);
    if (left.starts_with("{{") || left.starts_with("}}")) {
      plain.push_back(left[0]);
      ++at;
    } else if (left[0] == '{') {
      const auto end = left.find('}');
      if (end == std::string_view::npos) refuse(text, "a brace never closes");
      const auto word = left.substr(1, end - 1);
      if (word != "dir" && word != "stem" && word != "ext")
        refuse(text, "there is no {" + std::string(word) + "}");
      add(word == "dir" ? Piece::directory : word == "stem" ? Piece::stem : Piece::extension);
      at += end;
    } else {
      plain.push_back(left[0]);
    }
  }
  add(Piece::text);
  const std::string_view last = text.substr(text.rfind('/') + 1);  // none: npos + 1 is the start
  const bool ends_open = last.empty() || last == "." || last == ".." || last.ends_with("{dir}");
  if (ends_open || text.find('\0') != std::string_view::npos) refuse(text, "it names no file");
}

bool NamePattern::names_a_directory() const {
  return pieces_.front().second.starts_with('/') ||
         std::any_of(pieces_.begin(), pieces_.end(),
                     [](const auto& piece) { return piece.first == Piece::directory; });
}

std::string NamePattern::name(const Parts& parts) const {
  std::string name;
  for (const auto& [piece, text] : pieces_) {
    if (piece == Piece::text) name += text;
    if (piece == Piece::directory) name += parts.directory;
    if (piece == Piece::stem) name += parts.stem;
    if (piece == Piece::extension && parts.extension.empty() && name.ends_with('.'))
      name.pop_back();
    if (piece == Piece::extension) name += parts.extension;
  }
  // "./a" is "a"; but what would begin with a slash is elsewhere, and "-" is standard output.
  while (name.starts_with("./")) {
    const std::size_t rest = name.find_first_not_of('/', 1);
    if (rest == std::string::npos || name.substr(rest) == "-") break;
    name.erase(0, rest);
  }
  return name;
}

OutputName output_name(std::string_view input_name, Target to) {
  const std::string stem = std::filesystem::path(input_name).stem().string();
  switch (to) {
    case Target::png:
      return {stem, "png"};
    case Target::jpg:
      return {stem, "jpg"};
    case Target::bmp:
      return {stem, "bmp"};
    case Target::tga:
      return {stem, "tga"};
    case Target::pgm:
      return {stem, "pgm"};
    case Target::webp:
      return {stem, "webp"};
    case Target::keep:
      break;
  }
  const std::string own = suffix_of(input_name);
  const std::string suffix = lower(own);
  if (suffix == "gif" || suffix == "psd" || suffix == "hdr" || suffix == "pic")
    return {std::string(input_name), "png"};
  if (suffix == "ppm" || suffix == "pbm" || suffix == "pam")
    return {std::string(input_name), "pgm"};
  return {stem, own};
}

Target target_for(std::string_view output_name) {
  const std::string suffix = lower(suffix_of(output_name));
  if (suffix == "png") return Target::png;
  if (suffix == "jpg" || suffix == "jpeg" || suffix == "jpe" || suffix == "jfif")
    return Target::jpg;
  if (suffix == "bmp" || suffix == "dib") return Target::bmp;
  if (suffix == "tga") return Target::tga;
  if (suffix == "pgm" || suffix == "pnm" || suffix == "ppm") return Target::pgm;
  return suffix == "webp" ? Target::webp : Target::keep;
}

bool has_image_suffix(std::string_view name) {
  const std::string suffix = lower(suffix_of(name));
  return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
}

bool suffix_fits(std::string_view name, std::string_view extension) {
  const Target promised = target_for(name);
  return promised == Target::keep ? !has_image_suffix(name) : extension_of(promised) == extension;
}

}  // namespace nodeops::image
