import django.core.validators
import django.db.models.deletion
import school.constraints
import school.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('school', '0002_school_revision'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('child_name', models.CharField(blank=True, max_length=60, verbose_name='first name of the child')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('base_minutes', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(120)], verbose_name='minutes you usually take')),
                ('room', models.CharField(blank=True, max_length=40, verbose_name='room')),
                ('interpreter', models.BooleanField(default=False, verbose_name='with an interpreter')),
                ('sensitive_news', models.BooleanField(default=False, verbose_name='sensitive news that the parent does not know yet')),
                ('audience', models.CharField(choices=[('group', 'the teachers of the group'), ('ib', 'the teachers of the group and the intern begeleider'), ('me', 'only me')], default='group', max_length=5, verbose_name='who may look into it')),
                ('status', models.CharField(choices=[('prepare', 'prepare'), ('held', 'held'), ('evaluated', 'evaluated'), ('cancelled', 'cancelled')], max_length=9, verbose_name='status')),
                ('wish_unmet', models.BooleanField(default=False, verbose_name='the wish cannot be met')),
                ('follow_up', models.BooleanField(default=False, verbose_name='another appointment is needed')),
                ('teacher_said', models.CharField(blank=True, choices=[('pleasant', 'pleasant'), ('so_so', 'so-so'), ('unpleasant', 'not pleasant'), ('', 'not asked')], max_length=10, verbose_name='you')),
                ('created_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('forget_on', models.DateField()),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
                ('child', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='school.child', verbose_name='child')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='school.group', verbose_name='group')),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='meetings.meeting')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='meeting_school_id'), school.constraints.TiedKey(field='child', name='meeting_child_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='group', name='meeting_group_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='previous', name='meeting_previous_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='meeting_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('status__in', ['prepare', 'held', 'evaluated', 'cancelled'])), name='meeting_status'), models.CheckConstraint(condition=models.Q(('audience__in', ['group', 'ib', 'me'])), name='meeting_audience'), models.CheckConstraint(condition=models.Q(('teacher_said__in', ['pleasant', 'so_so', 'unpleasant', ''])), name='meeting_teacher_said'), models.CheckConstraint(condition=models.Q(('base_minutes__gte', 5), ('base_minutes__lte', 120)), name='meeting_base_minutes'), models.CheckConstraint(condition=models.Q(('teacher_said', ''), ('status', 'evaluated'), _connector='OR'), name='meeting_said_when_evaluated')],
            },
        ),
        migrations.CreateModel(
            name='MeetingParent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(blank=True, choices=[('mother', 'mother'), ('father', 'father'), ('carer', 'other carer'), ('', 'not said')], max_length=6, verbose_name='mother, father or carer')),
                ('name', school.fields.EncryptedTextField(blank=True, verbose_name='name')),
                ('buddy', models.CharField(choices=[('along', 'comes along'), ('prepares', 'only helps to prepare'), ('none', 'no buddy'), ('unknown', 'not known yet')], default='unknown', max_length=8, verbose_name='buddy')),
                ('said', models.CharField(blank=True, choices=[('pleasant', 'pleasant'), ('so_so', 'so-so'), ('unpleasant', 'not pleasant'), ('', 'not asked')], max_length=10, verbose_name='the parent')),
                ('buddy_said', models.CharField(blank=True, choices=[('pleasant', 'pleasant'), ('so_so', 'so-so'), ('unpleasant', 'not pleasant'), ('', 'not asked')], max_length=10, verbose_name='the buddy')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parents', to='meetings.meeting')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
            ],
            options={
                'verbose_name': 'parent at a meeting',
                'verbose_name_plural': 'parents at a meeting',
                'ordering': ('position',),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='meetingparent_school_id'), school.constraints.TiedKey(field='meeting', name='meetingparent_meeting_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('kind__in', ['mother', 'father', 'carer', ''])), name='meetingparent_kind'), models.CheckConstraint(condition=models.Q(('buddy__in', ['along', 'prepares', 'none', 'unknown'])), name='meetingparent_buddy'), models.CheckConstraint(condition=models.Q(('said__in', ['pleasant', 'so_so', 'unpleasant', ''])), name='meetingparent_said'), models.CheckConstraint(condition=models.Q(('buddy_said__in', ['pleasant', 'so_so', 'unpleasant', ''])), name='meetingparent_buddy_said'), models.UniqueConstraint(fields=('meeting', 'position'), name='meetingparent_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 2)), name='meetingparent_one_or_two'), models.CheckConstraint(condition=models.Q(('buddy_said', ''), ('buddy__in', ['along', 'unknown']), _connector='OR'), name='meetingparent_only_who_was_there')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('words', school.fields.EncryptedTextField(verbose_name='question')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='meetings.meeting')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
            ],
            options={
                'verbose_name': 'question of the parent',
                'verbose_name_plural': 'questions of the parent',
                'ordering': ('pk',),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='question_school_id'), school.constraints.TiedKey(field='meeting', name='question_meeting_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='question_recorded_by_same_school', ties={'school': 'school'})],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('promise', 'a promise: I come back to that'), ('talk', 'talk with the parent about how it went')], max_length=7, verbose_name='what')),
                ('words', school.fields.EncryptedTextField(blank=True, verbose_name='what you promised')),
                ('due_on', models.DateField(verbose_name='by when')),
                ('done_at', models.DateTimeField(null=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='meetings.meeting')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'ordering': ('due_on', 'pk'),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='followup_school_id'), school.constraints.TiedKey(field='meeting', name='followup_meeting_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='followup_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('kind__in', ['promise', 'talk'])), name='followup_kind')],
            },
        ),
        migrations.CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=3)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='meetings.meeting')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='tick_school_id'), school.constraints.TiedKey(field='meeting', name='tick_meeting_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='membership', name='tick_membership_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('meeting', 'membership', 'item'), name='tick_once')],
            },
        ),
    ]
