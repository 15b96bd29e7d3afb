"""What stands in front of allauth's own routes."""

from allauth.headless.constants import Client
from django.urls import path

from accounts.identity.views import ChangePassword, ResetPassword, VerifyEmail

urlpatterns = [
    path("app/v1/auth/email/verify", VerifyEmail.as_api_view(client=Client.APP)),
    path("app/v1/auth/password/reset", ResetPassword.as_api_view(client=Client.APP)),
    path("app/v1/account/password/change", ChangePassword.as_api_view(client=Client.APP)),
]
