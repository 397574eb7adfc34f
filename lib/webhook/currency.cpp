// SPDX-License-Identifier: MIT
#include "webhook/currency.hpp"

#include <algorithm>
#include <array>

namespace nodeops::webhook {
namespace {

/// ISO 4217, without those of metals, funds and tests. Sorted.
constexpr std::string_view codes =
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp "
    "byn bzd cad cdf chf clp cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp "
    "gel ghs gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr "
    "kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk "
    "mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar "
    "sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs "
    "uah ugx usd uyu uzs ves vnd vuv wst xaf xcd xof xpf yer zar zmw zwg ";

}  // namespace

bool is_currency(std::string_view code) {
  constexpr std::size_t length = 3;
  if (code.size() != length || code.find(' ') != std::string_view::npos) return false;
  for (std::size_t place = 0; place < codes.size(); place += length + 1)
    if (codes.substr(place, length) == code) return true;
  return false;
}

}  // namespace nodeops::webhook
