import { type Case, cases } from "./cases.ts";
import { judge } from "./comparison.ts";
import { askKernel } from "./suite.ts";

askKernel(
  "what the kernel does to FTP, what the simulator says of it, and what the fixes do about it",
  cases,
  title,
  judge,
);

function title(one: Case): string {
  const beyond = one.interfaces?.router ? " behind another router" : "";
  const way = one.upload ? "sent " : "";
  const link = one.mtu === undefined ? "" : `, ${way}over a link of MTU ${one.mtu}${beyond}`;
  const which = one.example === undefined ? "" : `example ${one.example}/`;
  const beside = one.configured ? ", the server's configuration beside it" : "";
  return `${one.on}: ${which}${one.failureMode ?? ""} ${one.files.join(" + ")}${link}${beside}`;
}
