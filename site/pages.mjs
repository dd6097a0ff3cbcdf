/**
 * The pages of the site beside README, in the order of its menu: heading, file, title. All documents of docs/ are here; the
 * build fails when one is not.
 */
export const PAGES = [
  ['Guide', 'docs/hosts.md', 'Keep a host up to date'],
  ['Guide', 'docs/every-node.md', 'Render every node'],
  ['Guide', 'docs/page.md', 'Share a page'],
  ['Reference', 'docs/commands.md', 'Commands'],
  ['Reference', 'docs/validate.md', 'svcgen validate'],
  ['Reference', 'docs/explain.md', 'svcgen explain'],
  ['Reference', 'docs/test.md', 'svcgen test'],
  ['Reference', 'docs/rules.md', 'Codes'],
  ['Reference', 'docs/kube-proxy-versions.md', 'Versions of kube-proxy'],
  ['Reference', 'docs/stability.md', 'Stability'],
  ['Reference', 'docs/glossary.md', 'Glossary'],
  ['Inside', 'docs/architecture.md', 'Architecture'],
  ['Inside', 'docs/design.md', 'Design'],
  ['Inside', 'docs/style.md', 'Style'],
  ['Inside', 'CONTRIBUTING.md', 'Contributing'],
  ['Inside', 'docs/releasing.md', 'Releasing'],
  ['Inside', 'CHANGELOG.md', 'Changelog'],
];
