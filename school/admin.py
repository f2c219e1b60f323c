"""The administration site: schools and staff. No model of a parent or child is registered, ever.

A site of our own instead of Django's default one, so that no library can add its models to it.
"""

from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import audit, clock
from .models import Membership, RoleGrant, School, User

# The stubs give these classes type parameters that they do not have at run time.
if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    Admin, Inline = admin.ModelAdmin, admin.TabularInline

site = admin.AdminSite(name="admin")
site.site_header = site.site_title = "Ouderbuddy"
# One way to sign in, with its rate limits.
site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


class Audited(Admin):
    """Every change leaves an audit event. Nothing is deleted here: the page that asks whether you are sure would show
    who the buddies are; accounts are switched off and memberships end."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record("admin.add", obj, by=cast(User, request.user), school=getattr(obj, "school", None))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record("admin.change", obj, by=cast(User, request.user), school=getattr(obj, "school", None))
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(School, site=site)
class SchoolAdmin(Audited):
    """Schools and their terms; they are made with `manage.py create_school`."""

    list_display = ("name", "slug", "brin", "vestiging")
    exclude = ("languages",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(User, site=site)
class UserAdmin(Audited, DjangoUserAdmin):  # type: ignore[type-arg]  # typed for AbstractUser, which ours is not
    """Accounts, known by e-mail address."""

    ordering = ("email",)
    list_display = ("email", "name", "is_active")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    list_filter = ("is_active", "is_staff")
    filter_horizontal = ()


class RoleGrantInline(Inline):
    """The roles of one member."""

    model = RoleGrant
    fk_name = "membership"
    extra = 0
    fields = ("role",)


@admin.register(Membership, site=site)
class MembershipAdmin(Audited):
    """Who works where, and as what."""

    list_display = ("user", "school", "starts_on", "ends_on")
    list_filter = ("school",)
    fields = ("school", "user", "starts_on", "ends_on")
    inlines = (RoleGrantInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """What a member did stays with the school where they did it."""
        return ("school", "user") if obj else ()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for grant in formset.save(commit=False):
            grant.school = form.instance.school
            grant.given_at = clock.now()
            grant.save()
        for grant in formset.deleted_objects:
            grant.delete()
