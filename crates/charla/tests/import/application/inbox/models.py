from django.conf import settings
from django.db import models


class PrivateMessage(models.Model):
    """Goes from one person to another: there is no room."""

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sent")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="received")
    content = models.TextField()
    timestamp = models.DateTimeField()
    is_read = models.BooleanField(default=False)
