// The contract's objects under short names, as the server's own description of itself has them.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Role = Schemas['Role'];
export type Visibility = Schemas['Visibility'];
export type Language = Schemas['Language'];
/** Somebody as others' objects quote them. */
export type Sender = Schemas['UserSummary'];
export type User = Schemas['User'];
export type Me = Schemas['Me'];
export type Quote = Schemas['Quote'];
export type Attachment = Schemas['Attachment'];
export type Message = Schemas['Message'];
export type MessageRead = Schemas['MessageRead'];
export type MessageVersion = Schemas['MessageVersion'];
export type PinnedMessage = Schemas['PinnedMessage'];
export type Reaction = Schemas['Reaction'];
export type Room = Schemas['Room'];
export type Member = Schemas['Member'];
export type Notify = Schemas['Notify'];
export type History = Schemas['History'];
export type Preferences = Schemas['UpdatePreferences'];
export type RoomChanges = Schemas['UpdateRoom'];
export type Invite = Schemas['Invite'];
export type FoundMessage = Schemas['FoundMessage'];
export type FriendRequest = Schemas['FriendRequest'];
export type FriendRequestOutcome = Schemas['FriendRequestOutcome'];
export type Friendship = Schemas['Friendship'];
export type Block = Schemas['Block'];
export type RegistrationPolicy = Schemas['RegistrationPolicy'];
export type Session = Schemas['Session'];
export type TwoFactor = Schemas['TwoFactor'];
export type TwoFactorSetup = Schemas['TwoFactorSetup'];
export type ReportReason = Schemas['ReportReason'];
export type ReportOutcome = Schemas['ReportOutcome'];
export type ReportState = 'open' | 'resolved';
export type Report = Schemas['Report'];
export type SanctionKind = Schemas['SanctionKind'];
export type Sanction = Schemas['Sanction'];
export type AuditAction = Schemas['AuditAction'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditIntegrity = Schemas['AuditIntegrity'];
export type AdminUser = Schemas['AdminUser'];
export type AdminUserDetail = Schemas['AdminUserDetail'];
export type AdminUserChanges = Schemas['UpdateUser'];
export type ResetLink = Schemas['ResetLink'];
export type AdminRoom = Schemas['AdminRoom'];
export type AdminRoomChanges = Schemas['UpdateAdminRoom'];
export type ServerSettings = Schemas['ServerSettings'];
export type ServerSettingsChanges = Schemas['UpdateServerSettings'];
export type Queue = Schemas['Queue'];
export type InvitePreview = Schemas['InvitePreview'];
export type UpdateMe = Schemas['UpdateMe'];
export type UserSettings = Schemas['UserSettings'];
export type Draft = Schemas['Draft'];
export type OnlineStatus = Schemas['OnlineStatus'];
export type MessagePage = Schemas['Timeline'];
export type ChangesPage = Schemas['Changes'];
export type Problem = Schemas['Problem'];

export interface Page<T> {
	results: T[];
	next: string | null;
	previous: string | null;
}
