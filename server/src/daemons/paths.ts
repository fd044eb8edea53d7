/** Functions on paths and URIs as strings; both / and \ separate. */

/** Everything up to the last separator, without it; "" when there is none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, lastSeparator(path)));
}

export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** `name`, with / between its parts, below the folder; separated as the folder's own path is. */
export function below(folder: string, name: string): string {
  if (folder === "") return name;
  const separator = folder.includes("/") || !folder.includes("\\") ? "/" : "\\";
  return folder + separator + (separator === "/" ? name : name.replaceAll("/", "\\"));
}

/** Whether the folder is a root that has no folder above it: "", "C:", "scheme://host". */
export function isRoot(folder: string): boolean {
  return folder === "" || /^[A-Za-z][\w+.-]*:\/{0,2}[^/\\]*$/.test(folder);
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
}
