/**
 * The report's style: light and dark as the reader has it, one column on a phone, ink alone in
 * print. No colour says what a word does not say too.
 */
export const STYLE = `
:root { color-scheme: light dark;
  --text: #1a1d21; --soft: #565d66; --page: #ffffff; --card: #f5f6f8; --line: #d5d9de;
  --good: #14683a; --good-back: #e3f4ea; --bad: #a01c22; --bad-back: #fce9e9;
  --open: #7a5200; --open-back: #fdf3dc; }
@media (prefers-color-scheme: dark) { :root {
  --text: #e7e9ec; --soft: #a4abb4; --page: #15181c; --card: #1e2227; --line: #3a4048;
  --good: #7ddba5; --good-back: #12301f; --bad: #ff9c9c; --bad-back: #3b1718;
  --open: #f2c366; --open-back: #35290d; } }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .25rem; }
h3 { font-size: 1.02rem; margin: 0; }
p { margin: .35rem 0; }
code, .mono { font: .875em/1.45 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.verdict { border: 1px solid var(--line); border-left-width: .5rem; border-radius: .5rem;
  padding: 1rem 1.25rem; margin: 1.25rem 0; background: var(--card); }
.verdict strong { display: block; font-size: 1.45rem; line-height: 1.25; }
.proved { color: var(--good); } .refused { color: var(--bad); } .unproven { color: var(--open); }
.verdict.proved { background: var(--good-back); border-color: var(--good); }
.verdict.refused { background: var(--bad-back); border-color: var(--bad); }
.verdict.unproven { background: var(--open-back); border-color: var(--open); }
.verdict p, .verdict li { color: var(--text); }
.verdict ul { margin: .6rem 0 0; padding-left: 1.2rem; } .verdict li { margin: .2rem 0; }
.nowrap { white-space: nowrap; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem;
  padding: .05rem .65rem; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 45%), 1fr)); gap: .6rem;
  margin: 1rem 0; padding: 0; }
.counts div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .5rem .75rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.counts dt { color: var(--soft); font-size: .85rem; }
.counts dd { margin: 0; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.step { border: 1px solid var(--line); border-radius: .5rem; padding: .85rem 1.1rem; margin: .6rem 0; }
.step header { display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; }
.step dl { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .3rem .9rem; margin: .6rem 0 0; }
dt { color: var(--soft); grid-column: 1; } dd { margin: 0; grid-column: 2; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
.bypass { border: 1px solid var(--line); border-radius: .5rem; padding: .85rem 1.1rem; margin: .8rem 0; }
.bypass table { table-layout: fixed; } .bypass .time { width: 11rem; } .bypass .who { width: 13rem; }
.bypass .entry { width: 4.5rem; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.opens td { font-weight: 600; } .opens .time { font-weight: 400; }
.drill { border-style: dashed; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; padding: 0; margin: .75rem 0; }
a { color: inherit; }
@media (max-width: 40rem) {
  h1 { font-size: 1.35rem; }
  .step dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .step dt { margin-top: .45rem; } .step dd { grid-column: 1; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody { display: block; } .bypass .time, .bypass .who, .bypass .entry { width: auto; }
  .stack tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack th, .stack td { display: block; border: 0; padding: .05rem 0; }
  .stack td[data-name]::before { content: attr(data-name) ': '; color: var(--soft); }
}
@media print { :root { color-scheme: light; --text: #000; --soft: #333; --page: #fff; --card: #fff;
    --line: #888; --good: #000; --bad: #000; --open: #000; --good-back: #fff; --bad-back: #fff;
    --open-back: #fff; }
  main { max-width: none; padding: 0; } nav { display: none; }
  .step, .bypass tr, .verdict { break-inside: avoid; } h2, h3 { break-after: avoid; }
  body { font-size: 10.5pt; } }
`;
