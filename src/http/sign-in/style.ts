// Colours have a contrast of 7:1 and more on their ground, in both schemes (WCAG 2.2, 1.4.6).
const CSS = `:root { color-scheme: light dark; --ground: #ffffff; --text: #1b1b1f; --soft: #4a4a55;
  --line: #d5d5de; --panel: #f5f5f8; --act: #0b5c3b; --on-act: #ffffff; --warn: #7a1f12; --warn-ground: #fdf0ee; }
@media (prefers-color-scheme: dark) { :root { --ground: #16161a; --text: #ececf1; --soft: #b9b9c6;
  --line: #3a3a45; --panel: #202027; --act: #7fd6ae; --on-act: #0c1f17; --warn: #ffb4a6; --warn-ground: #33190f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1.1rem 3rem; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
p, ul { margin: .6rem 0; }
dl { margin: 1rem 0; border: 1px solid var(--line); border-radius: .6rem; background: var(--panel); }
dl > div { padding: .5rem .9rem; border-top: 1px solid var(--line); display: grid;
  grid-template-columns: minmax(5.25rem, 22%) 1fr; gap: .75rem; align-items: baseline; }
dl > div:first-child { border-top: 0; }
dt { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
dl.accounts > div { display: block; }
dl.accounts code { display: block; color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.typed { white-space: pre-wrap; }
dd strong { font-weight: 650; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.warn { border-left: .3rem solid var(--warn); background: var(--warn-ground); padding: .6rem .9rem; border-radius: .3rem; }
form { margin: 1.25rem 0; display: flex; flex-wrap: wrap; gap: .75rem; }
button, .button { font: inherit; font-weight: 650; min-height: 3rem; padding: .65rem 1.2rem; border-radius: .6rem;
  border: 2px solid var(--act); background: var(--act); color: var(--on-act); cursor: pointer; text-decoration: none; display: inline-block; }
button.other { background: transparent; color: var(--text); border-color: var(--soft); }
button:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--text); outline-offset: 3px; }
fieldset { border: 1px solid var(--line); border-radius: .6rem; margin: 0; padding: .5rem .9rem .75rem; width: 100%; }
fieldset label { display: flex; gap: .6rem; align-items: center; min-height: 2.75rem; }
input[type=radio] { width: 1.2rem; height: 1.2rem; accent-color: var(--act); }
label.field { display: block; width: 100%; }
textarea { font: inherit; display: block; width: 100%; min-height: 5rem; margin-top: .35rem; padding: .6rem;
  border: 2px solid var(--soft); border-radius: .6rem; background: var(--ground); color: var(--text); }
textarea:focus-visible, input:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
a { color: inherit; }
details { margin: 1rem 0; } summary { cursor: pointer; padding: .5rem 0; }
@media (max-width: 30rem) { button, .button { width: 100%; text-align: center; } }
`;

/** The one stylesheet of the pages: readable on a phone at night, in both colour schemes. */
export function stylesheet(): Response {
  return new Response(CSS, {
    headers: {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    },
  });
}
