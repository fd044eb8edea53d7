import type { Sections, Setting } from "./proftpd-blocks.ts";
import { argument, atoi, forcesTls, readBoolean } from "./proftpd-values.ts";
import type { ConfigProblem } from "./server-config.ts";

/** What ProFTPD would refuse, or read differently than it looks; sorted by file and place. */
export function proftpdProblems(sections: Sections): ConfigProblem[] {
  const all = [sections.main, ...sections.hosts, ...sections.globals];
  const settings = all.flatMap((section) => [...section.settings, ...section.sometimes]);
  return [
    ...sections.problems,
    ...sections.misplaced.flatMap(misplacedProblem),
    ...settings.flatMap(valueProblem),
  ].sort((a, b) => (a.path === b.path ? a.span.start - b.span.start : a.path < b.path ? -1 : 1));
}

const SERVER_SETTINGS = /^(passiveports|port|masqueradeaddress|useipv6|tlsengine|tlsoptions)$/i;

function misplacedProblem({ directive, place }: Setting): ConfigProblem[] {
  const name = directive.name.text;
  if (!SERVER_SETTINGS.test(name)) return [];
  const message = `ProFTPD refuses ${name} in this block: it belongs to a server, <VirtualHost> or <Global>.`;
  return [{ path: place.path, span: place.line, message, refused: true }];
}

/** What a directive's value does not say as it should, by the directive's name in lower case. */
const COMPLAINTS: Readonly<Record<string, (setting: Setting) => Complaint | undefined>> = {
  passiveports: passivePortsComplaint,
  port: portComplaint,
  masqueradeaddress: addressComplaint,
  useipv6: booleanComplaint,
  tlsengine: booleanComplaint,
  tlsrequired: tlsRequiredComplaint,
};

type Complaint = Pick<ConfigProblem, "message" | "refused">;

function valueProblem(setting: Setting): ConfigProblem[] {
  const { directive, place } = setting;
  const name = directive.name.text.toLowerCase();
  const complaint =
    gluedComplaint(name) ?? (Object.hasOwn(COMPLAINTS, name) ? COMPLAINTS[name]!(setting) : undefined);
  return complaint ? [{ path: place.path, span: place.line, ...complaint }] : [];
}

function gluedComplaint(name: string): Complaint | undefined {
  if (!/^(passiveports|port|masqueradeaddress)[=:]/.test(name)) return undefined;
  return refused(
    "ProFTPD refuses this line: a directive and its value are separated by blanks (unknown configuration directive).",
  );
}

/** In the order in which set_passiveports in mod_core.c looks. */
function passivePortsComplaint({ directive }: Setting): Complaint | undefined {
  const [low, high] = directive.args.map((arg) => atoi(arg.text));
  if (low === undefined || high === undefined)
    return refused("ProFTPD refuses PassivePorts without two numbers: PassivePorts 50000 50100.");
  if (low <= 0 || low > 65535 || high <= 0 || high > 65535)
    return refused("ProFTPD refuses PassivePorts with what is no port number.");
  if (low < 1024 || high < 1024) return refused("ProFTPD refuses passive ports below 1024.");
  if (high <= low)
    return refused(
      "ProFTPD refuses PassivePorts unless the first port is lower than the second; a single port is not possible.",
    );
  return undefined;
}

function portComplaint(setting: Setting): Complaint | undefined {
  const text = argument(setting);
  const port = atoi(text);
  if (text === "") return refused("ProFTPD refuses Port without a number.");
  if (port < 0 || port > 65535)
    return refused("ProFTPD refuses Port: the value must be between 0 and 65535.");
  if (/^[+-]?\d/.test(text)) return undefined;
  return {
    message: `${text} is no number: ProFTPD takes it as Port 0 and switches this server off.`,
    refused: false,
  };
}

function addressComplaint(setting: Setting): Complaint | undefined {
  const text = argument(setting);
  if (text === "") return refused("ProFTPD refuses MasqueradeAddress without an address.");
  if (!text.includes(":")) return undefined;
  const message =
    "The reply to PASV cannot hold an IPv6 address: with this one ProFTPD sends replies that no client can read.";
  return { message, refused: false };
}

function booleanComplaint(setting: Setting): Complaint | undefined {
  if (readBoolean(argument(setting)) !== undefined) return undefined;
  return refused(`ProFTPD refuses ${setting.directive.name.text} with a value that is neither on nor off.`);
}

function tlsRequiredComplaint(setting: Setting): Complaint | undefined {
  const value = argument(setting);
  const known = readBoolean(value) !== undefined || forcesTls(value) || /^!?data$/.test(value);
  return known ? undefined : refused("ProFTPD refuses this value of TLSRequired (bad parameter).");
}

function refused(message: string): Complaint {
  return { message, refused: true };
}
