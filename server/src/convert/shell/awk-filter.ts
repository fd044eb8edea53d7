import { type FilterCall, linesOf, printed, withValues } from "./filter-call.ts";
import { regularExpression, search } from "./regular-expression.ts";

/** A line with its number and fields. */
interface Row {
  readonly line: string;
  readonly number: number;
  readonly fields: readonly string[];
}

/** `CONDITION {print EXPRESSION, …}` with `-F`; anything else is not followed. */
export function awk(args: readonly string[]): FilterCall | undefined {
  const { values, operands } = withValues(args, "F", {});
  const [program = "", ...files] = operands ?? [];
  const [, condition = "", printedFields] =
    /^\s*([^{}]*?)\s*\{\s*print\s*([^{}]*?);?\s*\}\s*$/.exec(program) ?? [];
  const separator = values.get("F");
  if (
    printedFields === undefined ||
    (separator !== undefined && !/^[^\\[\]*+?.^$(){}|]$|^\.$/.test(separator))
  )
    return undefined;
  const isChosen = choice(condition);
  const columns = printedFields === "" ? [["$0"]] : expressions(printedFields);
  if (isChosen === undefined || columns === undefined) return undefined;
  return {
    files,
    filter: (text) => {
      const rows = linesOf(text).map((line, index) => rowOf(line, index + 1, separator));
      const texts = rows
        .filter((row) => isChosen(row))
        .map((row) => columns.map((parts) => parts.map((part) => worth(part, row)).join("")).join(" "));
      return printed(texts);
    },
  };
}

function rowOf(line: string, number: number, separator: string | undefined): Row {
  const isBlank = separator === undefined || separator === " ";
  const fields = isBlank ? line.trim().split(/[ \t]+/) : line.split(separator);
  return { line, number, fields: line === "" || (isBlank && line.trim() === "") ? [] : fields };
}

const PART = /\s*(\$(?:\d+|NF)|NF|NR|"(?:[^"\\]|\\[\\"])*"|,)/y;

/** `$1 ":" $3, "x"`: each what stands between commas, as the parts that are put together; undefined: more than these. */
function expressions(text: string): string[][] | undefined {
  const columns: string[][] = [[]];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text)?.[1];
    if (part === undefined) return undefined;
    if (part === ",") columns.push([]);
    else columns[columns.length - 1]!.push(part);
  }
  return columns.every((column) => column.length > 0) ? columns : undefined;
}

function worth(part: string, { line, number, fields }: Row): string {
  if (part.startsWith('"')) return part.slice(1, -1).replace(/\\(.)/g, "$1");
  if (part === "NF") return String(fields.length);
  if (part === "NR") return String(number);
  if (part === "$0") return line;
  return fields[part === "$NF" ? fields.length - 1 : Number(part.slice(1)) - 1] ?? "";
}

/** Which lines are chosen: all, by `/…/`, `!/…/`, `NR==3`, `NR>1`, `$1=="b"`. */
function choice(condition: string): ((row: Row) => boolean) | undefined {
  if (condition === "") return () => true;
  const [, not, pattern] = /^(!?)\s*\/((?:[^/\\]|\\.)*)\/$/.exec(condition) ?? [];
  if (pattern !== undefined) {
    const expression = regularExpression(pattern, true);
    return expression && (({ line }) => (search(expression, line) !== null) !== (not === "!"));
  }
  const [, row, compared, number] = /^(NR|NF)\s*(==|!=|>=?|<=?)\s*(\d+)$/.exec(condition) ?? [];
  if (compared !== undefined)
    return (one) => holds(Number(worth(row ?? "NR", one)), compared, Number(number));
  const [, column, operator, text] = /^(\$(?:\d+|NF))\s*(==|!=)\s*"([^"\\]*)"$/.exec(condition) ?? [];
  if (column === undefined || text === undefined) return undefined;
  return (one) => (worth(column, one) === text) === (operator === "==");
}

function holds(a: number, operator: string, b: number): boolean {
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (operator.startsWith(">")) return a > b || (operator === ">=" && a === b);
  return a < b || (operator === "<=" && a === b);
}
