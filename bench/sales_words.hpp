// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace nodeops::bench {

/// A name as people type it. `mailbox` is its plain ASCII form for e-mail addresses.
struct Name {
  std::string_view mailbox;
  std::string_view proper;
  std::string_view lower;
  std::string_view upper;
};

// About one in five holds letters beyond ASCII, so that both ways through title case are measured.
inline constexpr std::array<Name, 32> first_names = {{
    {"anna", "Anna", "anna", "ANNA"},
    {"james", "James", "james", "JAMES"},
    {"mary", "Mary", "mary", "MARY"},
    {"eric", "Éric", "éric", "ÉRIC"},
    {"john", "John", "john", "JOHN"},
    {"linda", "Linda", "linda", "LINDA"},
    {"jean-luc", "Jean-Luc", "jean-luc", "JEAN-LUC"},
    {"sofia", "Sofía", "sofía", "SOFÍA"},
    {"david", "David", "david", "DAVID"},
    {"emma", "Emma", "emma", "EMMA"},
    {"lukasz", "Łukasz", "łukasz", "ŁUKASZ"},
    {"peter", "Peter", "peter", "PETER"},
    {"maria", "Maria", "maria", "MARIA"},
    {"anne-marie", "Anne-Marie", "anne-marie", "ANNE-MARIE"},
    {"oskar", "Oskar", "oskar", "OSKAR"},
    {"zoe", "Zoë", "zoë", "ZOË"},
    {"thomas", "Thomas", "thomas", "THOMAS"},
    {"olga", "Olga", "olga", "OLGA"},
    {"bjorn", "Björn", "björn", "BJÖRN"},
    {"lucas", "Lucas", "lucas", "LUCAS"},
    {"nina", "Nina", "nina", "NINA"},
    {"carlos", "Carlos", "carlos", "CARLOS"},
    {"ines", "Inês", "inês", "INÊS"},
    {"robert", "Robert", "robert", "ROBERT"},
    {"julia", "Julia", "julia", "JULIA"},
    {"marek", "Marek", "marek", "MAREK"},
    {"paula", "Paula", "paula", "PAULA"},
    {"simon", "Simon", "simon", "SIMON"},
    {"helen", "Helen", "helen", "HELEN"},
    {"victor", "Victor", "victor", "VICTOR"},
    {"sarah", "Sarah", "sarah", "SARAH"},
    {"tim", "Tim", "tim", "TIM"},
}};

inline constexpr std::array<Name, 32> last_names = {{
    {"smith", "Smith", "smith", "SMITH"},
    {"jones", "Jones", "jones", "JONES"},
    {"mueller", "Müller", "müller", "MÜLLER"},
    {"oneil", "O'Neil", "o'neil", "O'NEIL"},
    {"schmidt", "Schmidt", "schmidt", "SCHMIDT"},
    {"garcia", "García", "garcía", "GARCÍA"},
    {"brown", "Brown", "brown", "BROWN"},
    {"novak", "Novák", "novák", "NOVÁK"},
    {"taylor", "Taylor", "taylor", "TAYLOR"},
    {"wilson", "Wilson", "wilson", "WILSON"},
    {"rossi", "Rossi", "rossi", "ROSSI"},
    {"kowalski", "Kowalski", "kowalski", "KOWALSKI"},
    {"andersson", "Andersson", "andersson", "ANDERSSON"},
    {"lefevre", "Lefèvre", "lefèvre", "LEFÈVRE"},
    {"silva", "Silva", "silva", "SILVA"},
    {"martin", "Martin", "martin", "MARTIN"},
    {"weber", "Weber", "weber", "WEBER"},
    {"moreau", "Moreau", "moreau", "MOREAU"},
    {"jensen", "Jensen", "jensen", "JENSEN"},
    {"fischer", "Fischer", "fischer", "FISCHER"},
    {"costa", "Costa", "costa", "COSTA"},
    {"walker", "Walker", "walker", "WALKER"},
    {"bergstrom", "Bergström", "bergström", "BERGSTRÖM"},
    {"dubois", "Dubois", "dubois", "DUBOIS"},
    {"clark", "Clark", "clark", "CLARK"},
    {"bianchi", "Bianchi", "bianchi", "BIANCHI"},
    {"lopez", "López", "lópez", "LÓPEZ"},
    {"hughes", "Hughes", "hughes", "HUGHES"},
    {"horvat", "Horvat", "horvat", "HORVAT"},
    {"meyer", "Meyer", "meyer", "MEYER"},
    {"evans", "Evans", "evans", "EVANS"},
    {"king", "King", "king", "KING"},
}};

struct Country {
  std::string_view name;
  std::string_view dialling_code;
  std::string_view currency;
};

inline constexpr std::array<Country, 12> countries = {{
    {"Germany", "49", "EUR"},
    {"France", "33", "EUR"},
    {"Poland", "48", "PLN"},
    {"Spain", "34", "EUR"},
    {"Italy", "39", "EUR"},
    {"United Kingdom", "44", "GBP"},
    {"United States", "1", "USD"},
    {"Sweden", "46", "SEK"},
    {"Portugal", "351", "EUR"},
    {"Brazil", "55", "BRL"},
    {"Japan", "81", "JPY"},
    {"Canada", "1", "CAD"},
}};

struct Product {
  std::string_view name;
  std::string_view quoted;  ///< the same thing as a field that needs its quotes
  std::string_view category;
};

inline constexpr std::array<Product, 10> products = {{
    {"Monitor 27 inch", "\"Monitor 27\"\", curved\"", "Electronics"},
    {"Desk Lamp", "\"Desk Lamp, brass\"", "Home"},
    {"Running Shoes", "\"Shoes, running\"", "Sports"},
    {"Wireless Mouse", "\"Mouse \"\"Glide\"\", wireless\"", "Electronics"},
    {"Coffee Beans 1kg", "\"Coffee Beans, 1kg\"", "Groceries"},
    {"Office Chair", "\"Chair, office\"", "Furniture"},
    {"Notebook A5", "\"Notebook, A5, ruled\"", "Stationery"},
    {"USB-C Cable 2m", "\"Cable, USB-C, 2m\"", "Electronics"},
    {"Yoga Mat", "\"Mat, yoga, 6mm\"", "Sports"},
    {"Garden Hose", "\"Hose, garden, 20m\"", "Garden"},
}};

inline constexpr std::array<std::string_view, 8> notes = {
    "",          "weekday mornings only please",
    "gift wrap", "call before delivery",
    "",          "leave at the door",
    "",          "repeat customer",
};

inline constexpr std::array<std::string_view, 5> quoted_notes = {
    "\"fragile, handle with care\"",
    "\"said \"\"soon\"\" on the phone\"",
    "\"ring twice, then wait\"",
    "\"blue, if there is one\"",
    "\"1,2,3\"",
};

inline constexpr std::array<std::string_view, 3> broken_notes = {
    "\"first line\nsecond line\"",
    "\"deliver to:\n12 Main St., rear\n\"",
    "\"4,5,6\n7,8,9\"",
};

}  // namespace nodeops::bench
