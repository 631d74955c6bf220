/** Kafka's codes that say that a group does not exist, as opposed to not answering for it. */
export const GROUP_ID_NOT_FOUND = 69;

/** A Kafka error code of a group, or of its coordinator, in words. */
export function groupTrouble(errorCode: number): string {
  switch (errorCode) {
    case 14:
      return 'Its coordinator is still loading what the group committed.';
    case 15:
      return 'No broker coordinates the group now.';
    case 16:
      return 'The group has just moved to another coordinator.';
    case 24:
      return 'The broker says that the id is no valid group id.';
    case 29:
      return 'The tap may not read a topic of the group: it needs the ACL operation Describe on it.';
    case 30:
      return 'The tap may not see this group: it needs the ACL operation Describe on it.';
    case 31:
      return 'The tap may not list groups: it needs the ACL operation Describe on the cluster.';
    case GROUP_ID_NOT_FOUND:
      return 'The broker does not know the group under the protocol it was asked by.';
    default:
      return `The broker answers with Kafka error ${errorCode}.`;
  }
}
