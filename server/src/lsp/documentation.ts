/** The addresses of the checks' pages, with `{code}` where the check's code goes. */
export interface Documentation {
  /** `https://…/{code}.html`, or whatever the editor opens. */
  readonly documentation?: string;
  /** The same for links in hovers, where editors may open other addresses than elsewhere. */
  readonly hoverDocumentation?: string;
}

/** What an editor says in its initialization options, besides settings. */
export interface InitializationOptions {
  /** Without it nothing has a link to its page, for the server knows of no place where the pages are. */
  readonly pages: Documentation;
  /** For editors that state settings this way. */
  readonly settings: unknown;
}

export function readInitializationOptions(options: unknown): InitializationOptions {
  if (typeof options !== "object" || options === null) return { pages: {}, settings: options };
  const { documentation, hoverDocumentation, ...settings } = options as Record<string, unknown>;
  const everywhere = isAddress(documentation) ? documentation : undefined;
  const inHovers = isAddress(hoverDocumentation) ? hoverDocumentation : everywhere;
  return { pages: { documentation: everywhere, hoverDocumentation: inHovers }, settings };
}

const PLACEHOLDER = "{code}";

function isAddress(value: unknown): value is string {
  return typeof value === "string" && value.includes(PLACEHOLDER);
}

export function pageAddress(address: string, code: string): string {
  return address.replaceAll(PLACEHOLDER, encodeURIComponent(code));
}
