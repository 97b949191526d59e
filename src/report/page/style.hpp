// The page's style sheet: light and dark, a phone's width, and paper.
#pragma once

#include <string_view>

namespace attest::report::page {

inline constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --soft: #5a626b; --rule: #d5dae0; --wash: #f4f6f8; --link: #0b57a4;
  --good: #14713a; --good-wash: #e2f4e8; --bad: #b3141d; --bad-wash: #fde5e5; --warn: #7d5300;
  --warn-wash: #fdf0d2;
  --c0: #0b62b8; --c1: #c04a00; --c2: #14713a; --c3: #8b2fa8; --c4: #8a6a00; --c5: #b0135f; --c6: #0c7a80;
  --c7: #5a626b; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171a; --ink: #e4e7ea; --soft: #a3abb3; --rule: #3a4148; --wash: #1d2226; --link: #7ab8f5;
  --good: #6fd394; --good-wash: #163322; --bad: #ff8a8a; --bad-wash: #451a1c; --warn: #f0c060;
  --warn-wash: #3b2d0c;
  --c0: #6cb2ff; --c1: #ffa366; --c2: #6fd394; --c3: #d59bf0; --c4: #e3c04a; --c5: #ff8fc0; --c6: #5fd0d6;
  --c7: #a3abb3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: .7rem 0 0; } h2 { border-top: 1px solid var(--rule); padding-top: 1rem;
  margin-top: 2rem; font-size: 1.25rem; } h3 { font-size: 1.02rem; margin-top: 1.5rem; }
h4 { margin: 1.2rem 0 .3rem; } p { margin: .5rem 0; } a { color: var(--link); }
code, pre { font: .9em/1.45 ui-monospace, monospace; } pre { white-space: pre-wrap; background: var(--wash);
  padding: .6rem; border-radius: 6px; }
.note { color: var(--soft); } .version { color: var(--soft); font-weight: normal; }
.verdict { font-size: 1.15rem; font-weight: 600; margin: .6rem 0 .3rem; }
.badge { border-radius: 4px; padding: .05rem .4rem; font-size: .85em; font-weight: 700; white-space: nowrap; }
.defective { color: var(--bad); background: var(--bad-wash); }
.conforming { color: var(--good); background: var(--good-wash); }
.suspect, .mistrusted { color: var(--warn); background: var(--warn-wash); }
.counts, nav ul, .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem .8rem; padding: 0;
  margin: .3rem 0; } .counts li { border-radius: 4px; padding: .1rem .5rem; font-weight: 600; }
nav { border-top: 1px solid var(--rule); margin-top: .8rem; padding-top: .4rem; }
.card { border: 1px solid var(--rule); border-radius: 8px; padding: .2rem .9rem .6rem; margin: .8rem 0; }
article.card { margin: 1.2rem 0; } article h3 { margin-top: .8rem; }
dl { display: grid; grid-template-columns: 7.5rem 1fr; gap: .2rem .8rem; margin: .6rem 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .87rem; margin: .5rem 0; overflow-wrap: normal; }
th, td { border-bottom: 1px solid var(--rule); padding: .25rem .55rem; text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; } td { max-width: 34rem; overflow-wrap: break-word; } td code { overflow-wrap: anywhere; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.laws td { text-align: center; padding: 0; min-width: 1.6rem; } .laws td a { display: block; padding: .2rem;
  text-decoration: none; color: inherit; } .laws tbody th { font-weight: normal; white-space: nowrap;
  position: sticky; left: 0; background: var(--paper); }
.laws .up { vertical-align: bottom; padding: .3rem .2rem; } .up span { writing-mode: vertical-rl;
  transform: rotate(180deg); white-space: nowrap; font-weight: normal; max-height: 15rem; overflow: hidden; }
.held { color: var(--good); } .broken { color: var(--bad); font-weight: 700; } td.held { background: var(--good-wash); }
td.broken { background: var(--bad-wash); } .na { color: var(--soft); }
.charts, .matrices { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
figure { margin: 0; min-width: 0; max-width: 100%; } .charts figure { flex: 1 1 320px; max-width: 460px; }
figcaption { font-weight: 600; font-size: .9rem; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.grid { stroke: var(--rule); stroke-width: .5; } .axis { stroke: var(--soft); } .limit { stroke: var(--bad);
  stroke-width: 1.5; stroke-dasharray: 5 3; }
.line { fill: none; stroke-width: 1.5; } .line.dashed { stroke-dasharray: 5 3; } .mark.hollow { fill: none;
  stroke-width: 1.2; } .bar { fill: var(--c0); } .bar.bad { fill: var(--bad); }
.s0 { stroke: var(--c0); fill: var(--c0); } .s1 { stroke: var(--c1); fill: var(--c1); }
.s2 { stroke: var(--c2); fill: var(--c2); } .s3 { stroke: var(--c3); fill: var(--c3); }
.s4 { stroke: var(--c4); fill: var(--c4); } .s5 { stroke: var(--c5); fill: var(--c5); }
.s6 { stroke: var(--c6); fill: var(--c6); } .s7 { stroke: var(--c7); fill: var(--c7); }
path.line, path.hollow { fill: none; } .key { width: 24px; height: 12px; display: inline-block;
  vertical-align: middle; margin-right: .3rem; } .legend { font-size: .85rem; }
.matrix table { font: .8rem/1.4 ui-monospace, monospace; } .matrix td { text-align: right; white-space: nowrap;
  border: 1px solid var(--rule); } .matrix th { white-space: nowrap; color: var(--soft); font-weight: normal; }
.matrix .hidden { color: var(--soft); text-decoration: line-through; } .matrix .seen { color: var(--good); }
.matrix .wrong { background: var(--bad-wash); color: var(--bad); font-weight: 700; outline: 2px solid var(--bad);
  outline-offset: -2px; }
summary { cursor: pointer; color: var(--link); margin: .3rem 0; }
:target { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 600px) { body { padding: 0 .75rem 2rem; font-size: 14px; } dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .3rem; } .scroll > table { width: max-content; } td { max-width: 17rem; }
  #verdicts td:first-child { max-width: 12rem; overflow-wrap: anywhere; } }
@media print { nav { display: none; } body { max-width: none; font-size: 10pt; } .scroll { overflow: visible; }
  figure, tr { break-inside: avoid; } details::details-content { content-visibility: visible; block-size: auto; }
  * { print-color-adjust: exact; } }
)css";

}  // namespace attest::report::page
