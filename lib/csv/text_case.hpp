// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Title case, word by word: the first letter of a word in title case, the others in lower case.
///
/// A word is a run of letters, numbers, combining marks and format characters; everything else ends
/// it: `jean-luc` -> `Jean-Luc`, `j.r.r. tolkien` -> `J.R.R. Tolkien`, `snake_case` ->
/// `Snake_Case`. A number takes the place of a word's first letter: `3rd` stays. So does a byte
/// that is not UTF-8.
///
/// An apostrophe (' or ’) stands within its word: `don't` -> `Don't`, `mary's` -> `Mary's`, `xi'an`
/// -> `Xi'an`, `мар'яна` -> `Мар'яна`. Behind a single letter or an Italian article (dell', all',
/// sant' ...) a new word begins: `o'NEIL` -> `O'Neil`, `m'bappé` -> `M'Bappé`, `dell'acqua` ->
/// `Dell'Acqua`; but not for a single last letter, an English ending (`i'll` -> `I'll`) or the soft
/// vowels behind a Cyrillic apostrophe (`в'ячеслав` -> `В'ячеслав`).
///
/// The elided d' and l' of names, where they do not begin the value, are small:
///
///     anne-marie d'arc    Anne-Marie d'Arc        d'arc            D'Arc
///     ANNE-MARIE D'ARC    Anne-Marie d'Arc        ralph D'Angelo   Ralph D'Angelo
///
/// The last one shows the exception: a capital before a word that is itself in title case was put
/// there on purpose.
///
/// Case is Unicode's default, the same in every locale: final sigma (`ΟΔΟΣ` -> `Οδος` with ς),
/// titlecase digraphs (ǆ -> ǅ), ß -> Ss and ﬁ -> Fi at the start of a word. Bytes that are not
/// UTF-8 stay as they are.
std::unique_ptr<CellTransform> capitalize();

/// Unicode's default upper case: ß -> SS, ﬁ -> FI, i -> I in every locale. Bytes that are not UTF-8
/// stay as they are.
std::unique_ptr<CellTransform> upper();

/// Unicode's default lower case: ΟΔΟΣ -> οδος with ς, İ -> i and a combining dot. Bytes that are
/// not UTF-8 stay as they are.
std::unique_ptr<CellTransform> lower();

}  // namespace nodeops::csv
