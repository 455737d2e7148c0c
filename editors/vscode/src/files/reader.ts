/** The editor's own reader of Markdown, taught to go from one `shepherd:` document to another. */

/** What is used of markdown-it. */
interface MarkdownIt {
  normalizeLink(link: string): string;
}

/**
 * Called by the reader for all that it shows. It hands links with a path to the editor, relative
 * to the document, and drops those with a scheme it does not know.
 */
export function extendMarkdownIt(md: MarkdownIt): MarkdownIt {
  const normalize = md.normalizeLink.bind(md);
  md.normalizeLink = (link) => normalize(link.replace(/^shepherd:\/+/, ROOT));
  return md;
}

/** From any document to the root of all: no path goes up further. */
const ROOT = "../../../../";
