import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import school.constraints
import school.fields
import school.models.schools
import school.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=40, unique=True, validators=[school.models.schools.validate_slug], verbose_name='web address')),
                ('brin', models.CharField(max_length=4, validators=[django.core.validators.RegexValidator('^\\d\\d[A-Z]{2}$')], verbose_name='BRIN')),
                ('vestiging', models.CharField(default='00', max_length=2, validators=[django.core.validators.RegexValidator('^\\d\\d$')], verbose_name='location number')),
                ('formal_address', models.BooleanField(default=True, verbose_name='address parents formally (u)')),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages offered')),
                ('checkin_days', models.PositiveSmallIntegerField(default=42, verbose_name='days until a check-in')),
                ('undiscussed_days', models.PositiveSmallIntegerField(default=14, verbose_name='days an undiscussed signal is kept')),
                ('suggestion_days', models.PositiveSmallIntegerField(default=30, verbose_name='days a suggested buddy is kept unasked')),
                ('audit_days', models.PositiveSmallIntegerField(default=548, verbose_name='days the log is kept')),
            ],
            options={
                'verbose_name': 'school',
                'verbose_name_plural': 'schools',
                'constraints': [models.UniqueConstraint(fields=('brin', 'vestiging'), name='school_brin')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may use the administration site')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('name', models.CharField(max_length=20, verbose_name='name')),
                ('first_grade', models.PositiveSmallIntegerField(verbose_name='lowest grade')),
                ('last_grade', models.PositiveSmallIntegerField(verbose_name='highest grade')),
                ('school_year', models.PositiveSmallIntegerField(verbose_name='school year (first year)')),
            ],
            options={
                'verbose_name': 'group',
                'verbose_name_plural': 'groups',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='group_school_id'), models.UniqueConstraint(fields=('school', 'school_year', 'name'), name='group_name_once_a_year'), models.CheckConstraint(condition=models.Q(('first_grade__gte', 1), ('last_grade__gte', models.F('first_grade')), ('last_grade__lte', 8)), name='group_grades_1_to_8')],
            },
        ),
        migrations.CreateModel(
            name='Child',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('first_name', models.CharField(max_length=60, verbose_name='first name')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='school.group', verbose_name='group')),
                ('start_date', models.DateField(blank=True, null=True, verbose_name='first day at school')),
                ('search_key', school.fields.DerivedKeyField(db_index=True, derive=school.text.search_key, editable=False, max_length=400, sources=('first_name',))),
                ('sort_key', school.fields.DerivedKeyField(db_index=True, derive=school.text.sort_key, editable=False, max_length=400, sources=('first_name',))),
            ],
            options={
                'verbose_name': 'child',
                'verbose_name_plural': 'children',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='child_school_id'), school.constraints.TiedKey(field='group', name='child_group_same_school', ties={'school': 'school'})],
            },
        ),
        migrations.CreateModel(
            name='Parent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('first_name', models.CharField(blank=True, max_length=60, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=80, verbose_name='last name')),
                ('kind', models.CharField(blank=True, choices=[('mother', 'mother'), ('father', 'father'), ('carer', 'other carer'), ('', 'not said')], max_length=6, verbose_name='mother, father or carer')),
                ('email', school.fields.EncryptedTextField(blank=True, verbose_name='e-mail address')),
                ('phone', school.fields.EncryptedTextField(blank=True, verbose_name='phone number')),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages')),
                ('search_key', school.fields.DerivedKeyField(db_index=True, derive=school.text.search_key, editable=False, max_length=400, sources=('first_name', 'last_name'))),
                ('sort_key', school.fields.DerivedKeyField(db_index=True, derive=school.text.sort_key, editable=False, max_length=400, sources=('last_name', 'first_name'))),
                ('created_at', models.DateTimeField(editable=False)),
            ],
            options={
                'verbose_name': 'parent',
                'verbose_name_plural': 'parents',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='parent_school_id'), models.CheckConstraint(condition=models.Q(('kind__in', ['mother', 'father', 'carer', ''])), name='parent_kind')],
            },
        ),
        migrations.CreateModel(
            name='Guardianship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.child')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='guardianship_school_id'), school.constraints.TiedKey(field='parent', name='guardianship_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='child', name='guardianship_child_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('parent', 'child'), name='guardianship_once')],
            },
        ),
        migrations.AddField(
            model_name='parent',
            name='children',
            field=models.ManyToManyField(related_name='guardians', through='school.Guardianship', to='school.child'),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to='school.parent', verbose_name='is also a parent here')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='membership_school_id'), school.constraints.TiedKey(field='parent', name='membership_parent_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('school', 'user'), name='membership_once_per_school')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.membership', verbose_name='membership')),
                ('role', models.CharField(choices=[('teacher', 'teacher'), ('intern_begeleider', 'intern_begeleider'), ('director', 'director'), ('bouwcoordinator', 'bouwcoordinator'), ('administrator', 'administrator')], max_length=20, verbose_name='role')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='rolegrant_school_id'), school.constraints.TiedKey(field='membership', name='rolegrant_membership_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('membership', 'role'), name='rolegrant_once'), models.CheckConstraint(condition=models.Q(('role__in', ['teacher', 'intern_begeleider', 'director', 'bouwcoordinator', 'administrator'])), name='rolegrant_known_role')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
            ],
            options={
                'verbose_name': 'holiday',
                'verbose_name_plural': 'holidays',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='holiday_school_id'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='holiday_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='GroupTeacher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.group')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.membership')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='groupteacher_school_id'), school.constraints.TiedKey(field='group', name='groupteacher_group_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='membership', name='groupteacher_membership_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('group', 'membership'), name='groupteacher_once')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField(null=True)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('action', models.CharField(max_length=60)),
                ('target_type', models.CharField(blank=True, max_length=40)),
                ('target_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('keep_until', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['school_id', '-at'], name='audit_by_school'), models.Index(fields=['target_type', 'target_id'], name='audit_by_target')],
                'constraints': [],
            },
        ),
    ]
