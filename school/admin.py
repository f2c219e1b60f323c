"""The administration site: schools and staff. No model of a parent or child is registered, ever.

A site of our own instead of Django's default one, so that no library can add its models to it.
"""

from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import audit
from .accounts import changes, limited
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
# Counted as on the own page: an open screen is no place to guess. A method is replaced, which mypy does not follow.
site.password_change = limited(site.password_change, changes)  # type: ignore[method-assign, assignment]


class Audited(Admin):
    """Every change leaves an audit event. Nothing is deleted here: the page that asks whether you are sure would show
    who the buddies are; accounts are switched off and memberships end."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record("admin.add", obj, cast(User, request.user))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record("admin.change", obj, cast(User, request.user))
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _record(action: str, obj: School | User | Membership, by: User) -> None:
    """One event at each school that `obj` concerns, where its director sees it."""
    if isinstance(obj, User):
        audit.record_account(action, obj, by=by)
    else:
        audit.record(action, obj, by=by, school=obj if isinstance(obj, School) else obj.school)


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
    """The roles of one member, to look at."""

    model = RoleGrant
    fk_name = "membership"
    extra = 0
    fields = ("role",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership, site=site)
class MembershipAdmin(Audited):
    """Who works where, and as what: to look at. Roles are given by a director, and days let in whoever had left with
    the roles they had; both are done in the school itself, where nobody does so for themselves."""

    list_display = ("user", "school", "starts_on", "ends_on")
    list_filter = ("school",)
    fields = ("school", "user", "starts_on", "ends_on")
    inlines = (RoleGrantInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
