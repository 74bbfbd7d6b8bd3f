/** The style sheet of the HTML page: for the screen, and for paper when it is printed. */
export const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #1b1f24; background: #fff; max-width: 66rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; color: #10375c; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #10375c; color: #10375c; }
h3, h4, h5, h6 { font-size: 1rem; margin: 1.1rem 0 .35rem; color: #10375c; }
p { margin: .35rem 0; }
.type { color: #4a5560; margin: 0 0 1rem; }
.groups { columns: 3 16rem; column-gap: .6rem; }
.group { break-inside: avoid; border: 1px solid #d5dbe1; border-radius: 4px; padding: .4rem .7rem; margin: 0 0 .6rem; }
.group h3 { font-size: .75rem; letter-spacing: .04em; text-transform: uppercase; margin: 0 0 .2rem; }
.group dl { margin: 0; font-size: .84rem; line-height: 1.35; }
.group dl div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .5rem; }
.group dt { color: #4a5560; }
.group dd { margin: 0; overflow-wrap: anywhere; }
.patient { column-span: all; }
.patient { background: #eef4fa; border-color: #9fb8d0; }
.patient dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); column-gap: 1.5rem; }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; min-width: 40%; font-size: .93em; }
caption, .caption { text-align: left; font-weight: 600; padding: .2rem 0; }
th, td { padding: .25rem .5rem; text-align: left; vertical-align: top; font-weight: inherit; }
.ruled th, .ruled td { border: 1px solid #c3ccd5; }
th { background: #eef1f4; }
td p, th p, li p { margin: 0; }
.center { text-align: center; }
.right { text-align: right; }
ul, ol { margin: .35rem 0; padding-left: 1.6rem; }
.disc { list-style: disc; }
.circle { list-style: circle; }
.square { list-style: square; }
.arabic { list-style: decimal; }
.little-roman { list-style: lower-roman; }
.big-roman { list-style: upper-roman; }
.little-alpha { list-style: lower-alpha; }
.big-alpha { list-style: upper-alpha; }
figure { margin: .5rem 0; }
img { max-width: 100%; height: auto; }
figcaption, .remark, .address { color: #4a5560; font-size: .9em; }
.remark { font-style: italic; }
.address { overflow-wrap: anywhere; }
.patient dl div { grid-template-columns: 8.5rem minmax(0, 1fr); }
ins { text-decoration: underline; background: #e7f5e9; }
del { background: #fbe9e7; }
a { color: #0b5cad; }
.web::after { content: " ↗"; }
footer { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid #d5dbe1; color: #4a5560; font-size: .8rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } h2, h3 { break-after: avoid; } tr, figure { break-inside: avoid; } .wide { overflow: visible; } }
`;
