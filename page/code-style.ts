/** The style sheet of editors and viewers, which stand in trees of their own (see `codeRoot`). */
export const CODE_STYLE = `
:host{display:block}
.cm-editor{height:100%;font-size:12.5px;background:var(--ground);color:var(--text)}
.cm-editor .cm-scroller{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.cm-editor .cm-gutters{background:var(--ground);color:var(--faint);border-right:1px solid var(--edge)}
.cm-editor .cm-content{caret-color:var(--text)}
.cm-editor .cm-cursor{border-left-color:var(--text)}
.cm-editor .cm-activeLine,.cm-editor .cm-activeLineGutter{background:color-mix(in srgb,var(--accent) 7%,transparent)}
.cm-editor .cm-selectionBackground,.cm-editor.cm-focused>.cm-scroller>.cm-selectionLayer .cm-selectionBackground{background:color-mix(in srgb,var(--accent) 26%,transparent)}
.cm-editor .cm-tooltip{background:var(--raised);color:var(--text);border:1px solid var(--edge);border-radius:8px}
.cm-editor .cm-diagnostic{white-space:pre-wrap;max-width:60ch}
.cm-editor.cm-focused{outline:none}
.tok-keyword{color:var(--keyword)}
.tok-string,.tok-string2{color:var(--string)}
.tok-number,.tok-bool,.tok-atom{color:var(--number)}
.tok-variableName{color:var(--name)}
.tok-comment,.tok-meta{color:var(--comment)}
.tok-propertyName,.tok-definition{color:var(--key)}
.chain-link{cursor:pointer;text-decoration:underline dotted;text-underline-offset:3px}
.chain-link:hover,.chain-link:focus{text-decoration-style:solid}
.cm-editor .lit-line{background:var(--lit);box-shadow:inset 3px 0 0 var(--lit-edge)}
`;
