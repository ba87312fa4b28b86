import uuid

from django.conf import settings
from django.db import models


class ChatRoom(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=255, blank=True)
    room_type = models.CharField(max_length=10)
    participants = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="chat_rooms")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    room = models.ForeignKey(ChatRoom, models.CASCADE)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    content = models.TextField(blank=True)
    message_type = models.CharField(max_length=10, default="text")
    file = models.FileField(upload_to="chat_files/", blank=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True)
    is_deleted = models.BooleanField(default=False)
    is_edited = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)


class MessageRead(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    message = models.ForeignKey(Message, models.CASCADE)
    read_at = models.DateTimeField()


class OnlineStatus(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    is_online = models.BooleanField(default=False)
    last_seen = models.DateTimeField(null=True)


class PublicChatRoom(models.Model):
    title = models.CharField(max_length=255, unique=True)


class PublicRoomChatMessage(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    room = models.ForeignKey(PublicChatRoom, models.CASCADE)
    timestamp = models.DateTimeField()
    content = models.TextField()
