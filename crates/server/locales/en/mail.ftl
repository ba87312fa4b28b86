# Mails. Names that somebody chose never stand in them as words: others could mail their own words by them.
mail-reset-subject = Choose a new password
mail-reset-text = Somebody, hopefully you, has asked for a new password for the account of this address. The link is good for one hour, and once.
mail-reset-link = Choose a new password
mail-reset-otherwise = If it was not you, you need not do anything: your password stays as it is.
mail-verify-subject = Verify your e-mail address
mail-verify-text = This address was given for an account. Follow the link to show that it is yours. It is good for 24 hours, and once.
mail-verify-link = Verify this address
mail-verify-otherwise = If you did not give it, you need not do anything.
mail-sign-in-subject = New sign-in to your account
mail-sign-in-text = Somebody has signed in to your account from a device that was not used before.
mail-sign-in-otherwise = If it was not you, change your password at once: all other devices are signed out by that.
mail-password-changed-subject = Your password was changed
mail-password-changed-text = The password of your account was changed, and other devices were signed out.
mail-password-changed-otherwise = If it was not you, ask for a new password at once, with “Forgot password?” where you sign in.
mail-email-changed-subject = Your e-mail address was changed
mail-email-changed-text = Your account has another e-mail address now. No more mails will come to this one.
mail-email-changed-otherwise = If it was not you, turn to whoever runs the server.
mail-two-factor-on-subject = Two-step sign-in is on
mail-two-factor-on-text = From now on, signing in to your account takes a code beside the password. Other devices were signed out.
mail-two-factor-on-otherwise = If it was not you, turn to whoever runs the server: somebody knows your password.
mail-two-factor-off-subject = Two-step sign-in is off
mail-two-factor-off-text = From now on, signing in to your account takes the password alone.
mail-two-factor-off-otherwise = If it was not you, change your password at once, and turn two-step sign-in on again.
mail-account = Account
mail-time = Time
mail-device = Device
mail-address = Network address
mail-footer = Sent by Charla at { $host }. Answers to this mail are not read.

# What stands where the name of a deleted account stood.
deleted-user = Deleted user
