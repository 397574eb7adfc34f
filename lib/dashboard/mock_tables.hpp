// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nodeops::dashboard {

// The tables that the mocks answer from when no --mock-data is given. Nobody in them is real.

inline constexpr std::string_view bundled_profiles =
    R"(name,email,city,country,plan,since
Ada Brandt,ada.brandt@example.com,Hamburg,DE,pro,2019-03-11
Bao Nguyen,bao@example.net,Da Nang,VN,free,2022-07-02
Chiara Ricci,chiara.ricci@example.org,Torino,IT,pro,2020-11-23
"Dubois, Élise",elise.dubois@example.com,Lyon,FR,team,2018-01-30
Efua Mensah,efua.mensah@example.net,Accra,GH,free,2023-05-17
Farid Karimi,farid@example.org,Shiraz,IR,pro,2021-09-08
Greta Lindqvist,greta.l@example.com,Göteborg,SE,team,2017-06-14
Hiro Tanaka,hiro.tanaka@example.net,Sendai,JP,pro,2022-02-28
Inés Robles,ines.robles@example.org,Valparaíso,CL,free,2024-04-05
Jack O'Neill,jack.oneill@example.com,Galway,IE,pro,2016-12-19
Kamala Rao,kamala@example.net,Mysuru,IN,team,2020-08-21
Luka Horvat,luka.horvat@example.org,Split,HR,free,2021-10-12
)";

inline constexpr std::string_view bundled_orders =
    R"(item,amount,currency,status,ordered_on
"Lamp, brass",59.90,EUR,delivered,2025-11-03
Notebook A5,7.50,EUR,delivered,2026-01-17
Espresso beans 1 kg,24.00,USD,shipped,2026-10-29
Desk mat,34.95,USD,returned,2026-03-08
Headphones,149.00,GBP,delivered,2026-05-22
"Cable 2 m, USB-C",12.49,EUR,shipped,2026-11-11
Office chair,389.00,EUR,processing,2026-11-18
Monitor arm,99.00,USD,delivered,2026-08-14
Tea sampler,18.25,GBP,delivered,2026-02-02
Backpack 20 l,79.90,EUR,cancelled,2026-07-30
)";

inline constexpr std::string_view bundled_notifications =
    R"(kind,text,read
order,Your order is on its way,false
order,Your order was delivered,true
billing,Your invoice for this month is ready,false
security,A new device has signed in,false
news,What changed this month,true
billing,Your card expires soon,false
team,You were added to a project,true
news,Join the survey,true
)";

}  // namespace nodeops::dashboard
