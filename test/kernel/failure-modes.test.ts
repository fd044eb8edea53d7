import { judge, judgeRefusal } from "./comparison.ts";
import { forms } from "./failure-modes.ts";
import { askKernel } from "./suite.ts";

askKernel(
  "what goes wrong with FTP and firewalls, and that the remedy is one: each faulty form and each fixed one",
  forms,
  ({ failureMode, files, session }) => {
    const kind = [
      session?.announced && "the public address is announced",
      session?.pasvAddress === "follow" && "227 is followed",
    ];
    return `${failureMode}: ${[files.join(" + "), ...kind].filter(Boolean).join(", ")}`;
  },
  (rig, one) => ("refused" in one ? judgeRefusal(rig, one) : judge(rig, one)),
);
