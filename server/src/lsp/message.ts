import { type Connection, type MessageType, ShowMessageNotification } from "vscode-languageserver";

/** Shows a message and waits for no answer: not every editor can give one. */
export function showMessage(connection: Connection, type: MessageType, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type, message });
}
