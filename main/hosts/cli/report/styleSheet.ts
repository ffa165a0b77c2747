/** The report's style sheet: light and dark by what the reader's system wants. */

/** Shades of the confusion matrix, from one eighth to the whole of a row. */
const shades = [1, 2, 3, 4, 5, 6, 7, 8]
  .map(
    (n) =>
      `.right.shade${n}{background:color-mix(in srgb,var(--model) ${n * 4}%,var(--page))}.wrong.shade${n}{background:color-mix(in srgb,var(--against) ${n * 4}%,var(--page))}`,
  )
  .join('\n')

export const styleSheet = `
:root{color-scheme:light dark;--page:#fff;--text:#1c1e21;--dim:#585d65;--rule:#d9dce1;--model:#1f5fbf;--against:#b3500b;--chance:#6a6f78}
@media (prefers-color-scheme:dark){:root{--page:#17181b;--text:#e7e8ea;--dim:#a5abb5;--rule:#3a3d44;--model:#79aef5;--against:#f0a05c;--chance:#9aa0aa}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:1160px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:19px;margin:40px 0 8px}
p{margin:6px 0;max-width:76ch}
.dim,figcaption,caption{color:var(--dim)}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:6px}
th,td{padding:5px 14px 5px 0;text-align:right;white-space:nowrap;font-weight:400}
th[scope=row]{text-align:left;font-weight:500}
thead th{color:var(--dim);border-bottom:1px solid var(--rule)}
thead th:first-child{text-align:left}
tbody tr+tr>*{border-top:1px solid color-mix(in srgb,var(--rule) 60%,transparent)}
.prose th,.prose td{text-align:left;white-space:normal;vertical-align:top;overflow-wrap:anywhere}
.prose table{width:100%;table-layout:fixed}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:24px;margin:12px 0}
figure{margin:0}
figcaption{font-weight:500}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:4px 0;padding:0}
.key{display:inline-block;width:16px;height:3px;margin-right:7px;vertical-align:middle;background:currentColor}
.key.model{color:var(--model)}.key.against{color:var(--against)}.key.chance{color:var(--chance)}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--dim);font:12px system-ui,sans-serif}
.grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--dim);stroke-width:1}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.line.model,.area.model{stroke:var(--model)}.line.against,.area.against{stroke:var(--against)}
.line.chance{stroke:var(--chance);stroke-dasharray:4 4;stroke-width:1.6}
.area{stroke-width:1.4;fill-opacity:.28}.area.model{fill:var(--model)}.area.against{fill:var(--against)}
.matrix th,.matrix td{padding:3px 7px;text-align:center;border:1px solid var(--rule)}
.matrix th[scope=row]{text-align:right}
.matrix thead th span{writing-mode:vertical-rl;transform:rotate(180deg);display:inline-block;text-align:left}
.matrix thead td{border:0}
.verdict{font-size:17px;font-weight:500;margin:14px 0}
${shades}
:focus-visible{outline:2px solid var(--model);outline-offset:2px}
`
