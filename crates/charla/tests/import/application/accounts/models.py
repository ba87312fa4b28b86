from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    phone_number = models.CharField(max_length=20, blank=True)


class Friendship(models.Model):
    from_user = models.ForeignKey(User, models.CASCADE, related_name="asked")
    to_user = models.ForeignKey(User, models.CASCADE, related_name="was_asked")
    status = models.CharField(max_length=10, default="pending")
    created_at = models.DateTimeField()


class Block(models.Model):
    blocker = models.ForeignKey(User, models.CASCADE, related_name="blocking")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField()
