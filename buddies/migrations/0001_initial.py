import django.core.validators
import django.db.models.deletion
import school.constraints
import school.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('school', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('code', models.CharField(blank=True, choices=[('busy', 'busy behaviour, ADHD'), ('reading', 'reading, dyslexia'), ('divorce', 'divorce'), ('language', 'language'), ('newcomer', 'new kindergartner'), ('culture', 'culture, referral'), ('', "the school's own theme")], max_length=10, verbose_name='built-in theme')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('hidden_from_intern_begeleider', models.BooleanField(default=False, verbose_name='hidden from the intern begeleider')),
                ('sensitive', models.BooleanField(default=True, verbose_name='sensitive within one class')),
            ],
            options={
                'verbose_name': 'theme',
                'verbose_name_plural': 'themes',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='theme_school_id'), models.CheckConstraint(condition=models.Q(('code__in', ['busy', 'reading', 'divorce', 'language', 'newcomer', 'culture', ''])), name='theme_code'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('school', 'code'), name='theme_built_in_once'), models.CheckConstraint(condition=models.Q(('code', ''), ('name', ''), _negated=True), name='theme_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='ThemeCoordinator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.theme')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.membership')),
                ('deputy', models.BooleanField(default=False, verbose_name='deputy')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='themecoordinator_school_id'), school.constraints.TiedKey(field='theme', name='themecoordinator_theme_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='membership', name='themecoordinator_membership_same_school', ties={'school': 'school'}), models.UniqueConstraint(fields=('theme', 'deputy'), name='themecoordinator_one_and_a_deputy'), models.UniqueConstraint(fields=('theme', 'membership'), name='themecoordinator_once')],
            },
        ),
        migrations.CreateModel(
            name='Buddy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent', verbose_name='parent')),
                ('status', models.CharField(choices=[('suggested', 'suggested'), ('asked', 'asked'), ('offered', 'offered'), ('stopped', 'stopped')], max_length=9, verbose_name='status')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name='on pause until')),
                ('capacity', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='how many parents at the same time')),
                ('children_count', models.PositiveSmallIntegerField(default=1, verbose_name='children at this school')),
                ('grades', models.JSONField(blank=True, default=list, verbose_name='grades of the children')),
                ('here_since', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='parent at this school since (year)')),
                ('called', school.fields.EncryptedTextField(blank=True)),
                ('taken_up_at', models.DateTimeField(null=True)),
                ('card_given_on', models.DateField(null=True)),
                ('forget_on', models.DateField(null=True)),
                ('created_at', models.DateTimeField(editable=False)),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'buddy',
                'verbose_name_plural': 'buddies',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='buddy_school_id'), school.constraints.TiedKey(field='parent', name='buddy_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='buddy_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('status__in', ['suggested', 'asked', 'offered', 'stopped'])), name='buddy_status'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('capacity__lte', 5)), name='buddy_capacity_1_to_5'), models.CheckConstraint(condition=models.Q(models.Q(('forget_on__isnull', False), ('status', 'suggested')), models.Q(models.Q(('status', 'suggested'), _negated=True), ('forget_on', None)), _connector='OR'), name='buddy_suggestion_lapses'), models.UniqueConstraint(fields=('parent',), name='buddy_once_per_parent'), models.UniqueConstraint(fields=('parent', 'id'), name='buddy_parent_id')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('about', models.CharField(blank=True, max_length=200, verbose_name='what they do')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='organisation_school_id'), models.UniqueConstraint(fields=('school', 'name'), name='organisation_once')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent')),
                ('purpose', models.CharField(choices=[('share_experience', 'share experience'), ('disclose_name', 'make the name known'), ('same_background', 'wish about background'), ('search', 'search for a buddy'), ('match', 'this match'), ('share_contact', 'share contact details'), ('tell_teacher', 'the teacher may know about the buddy')], max_length=16, verbose_name='purpose')),
                ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='buddies.theme')),
                ('text_version', models.CharField(max_length=12, verbose_name='text version')),
                ('language', models.CharField(default='nl', max_length=8, verbose_name='language')),
                ('method', models.CharField(choices=[('conversation', 'in a conversation'), ('interpreter', 'in a conversation with an interpreter'), ('phone', 'by phone'), ('letter', 'by letter'), ('link', 'through the personal link')], max_length=12, verbose_name='how')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('given_at', models.DateTimeField(verbose_name='given')),
                ('valid_until', models.DateField(null=True, verbose_name='valid until')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='consent_school_id'), school.constraints.TiedKey(field='parent', name='consent_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='theme', name='consent_theme_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='consent_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('purpose__in', ['share_experience', 'disclose_name', 'same_background', 'search', 'match', 'share_contact', 'tell_teacher'])), name='consent_purpose'), models.CheckConstraint(condition=models.Q(('method__in', ['conversation', 'interpreter', 'phone', 'letter', 'link'])), name='consent_method'), models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'share_experience'), ('theme__isnull', False)), models.Q(models.Q(('purpose', 'share_experience'), _negated=True), ('theme__isnull', True)), _connector='OR'), name='consent_theme_fits_purpose'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_withdrawn_after_given'), models.UniqueConstraint(fields=('parent', 'id'), name='consent_parent_id'), models.UniqueConstraint(fields=('parent', 'theme', 'id'), name='consent_parent_theme_id')],
            },
        ),
        migrations.CreateModel(
            name='SupportRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent', verbose_name='parent')),
                ('child', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='school.child', verbose_name='child')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='school.group', verbose_name='group')),
                ('child_name', models.CharField(blank=True, max_length=60, verbose_name='first name of the child')),
                ('origin', models.CharField(choices=[('signal', 'signalled by a colleague'), ('parent', 'asked by the parent'), ('intake', 'intake of a new pupil')], default='signal', max_length=6, verbose_name='origin')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='buddies.theme', verbose_name='theme')),
                ('note', school.fields.EncryptedTextField(blank=True, verbose_name='note')),
                ('wish', models.CharField(blank=True, choices=[('mother', 'mother'), ('father', 'father'), ('carer', 'other carer'), ('', 'not said')], max_length=6, verbose_name='rather with a mother or a father')),
                ('search_consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='buddies.consent')),
                ('signalled_at', models.DateTimeField(editable=False)),
                ('taken_up_at', models.DateTimeField(null=True)),
                ('linked_at', models.DateTimeField(null=True)),
                ('forget_on', models.DateField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('close_reason', models.CharField(blank=True, choices=[('helped', 'the parent was helped'), ('not_needed', 'no longer needed'), ('nobody', 'nobody fitted'), ('referred', 'helped elsewhere'), ('withdrawn', 'the parent does not want it any more'), ('', 'open')], max_length=10, verbose_name='outcome')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='supportrequest_school_id'), school.constraints.TiedKey(field='parent', name='supportrequest_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='child', name='supportrequest_child_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='group', name='supportrequest_group_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='theme', name='supportrequest_theme_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='search_consent', name='supportrequest_search_consent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='supportrequest_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('origin__in', ['signal', 'parent', 'intake'])), name='supportrequest_origin'), models.CheckConstraint(condition=models.Q(('close_reason__in', ['helped', 'not_needed', 'nobody', 'referred', 'withdrawn', ''])), name='supportrequest_close_reason'), models.CheckConstraint(condition=models.Q(('wish__in', ['mother', 'father', 'carer', ''])), name='supportrequest_wish'), models.CheckConstraint(condition=models.Q(('search_consent__isnull', False), models.Q(('note', ''), ('theme', None), ('wish', '')), _connector='OR'), name='supportrequest_no_theme_without_consent'), models.CheckConstraint(condition=models.Q(models.Q(('forget_on', None), ('search_consent__isnull', False)), models.Q(('forget_on__isnull', False), ('search_consent', None)), _connector='OR'), name='supportrequest_undiscussed_is_forgotten'), models.CheckConstraint(condition=models.Q(models.Q(('close_reason', ''), ('closed_at', None)), models.Q(models.Q(('closed_at__isnull', False)), models.Q(('close_reason', ''), _negated=True)), _connector='OR'), name='supportrequest_closed_with_reason'), models.UniqueConstraint(fields=('parent', 'id'), name='supportrequest_parent_id'), models.UniqueConstraint(condition=models.Q(('closed_at', None), ('theme__isnull', False)), fields=('parent', 'theme'), name='supportrequest_open_theme_once')],
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.supportrequest')),
                ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='buddies.theme')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches_as_asker', to='school.parent')),
                ('buddy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.buddy')),
                ('buddy_parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches_as_buddy', to='school.parent')),
                ('status', models.CharField(choices=[('proposed', 'proposed'), ('waiting_for_parent', 'waiting_for_parent'), ('waiting_for_buddy', 'waiting_for_buddy'), ('agreed', 'agreed'), ('connected', 'connected'), ('completed', 'completed'), ('did_not_proceed', 'did_not_proceed')], max_length=18, verbose_name='status')),
                ('slot', models.PositiveSmallIntegerField(null=True)),
                ('click_reasons', models.JSONField(default=list, verbose_name='why a click is expected')),
                ('click_words', school.fields.EncryptedTextField(blank=True, verbose_name='in a few words')),
                ('tip_giver', models.CharField(blank=True, choices=[('coordinator', 'I tell the parent'), ('signaller', 'the colleague who signalled tells the parent')], max_length=11, verbose_name='who tells the parent')),
                ('parent_yes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='buddies.consent')),
                ('buddy_yes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='buddies.consent')),
                ('buddy_asked_at', models.DateTimeField(null=True)),
                ('way', models.CharField(blank=True, choices=[('introduced', 'school introduces them'), ('parent_contacts', 'the parent makes contact')], max_length=15, verbose_name='how they meet')),
                ('proposed_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('connected_at', models.DateTimeField(null=True)),
                ('first_meeting_on', models.DateField(blank=True, null=True, verbose_name='first meeting')),
                ('review_on', models.DateField(null=True, verbose_name='ends or is renewed on')),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('end_reason', models.CharField(blank=True, choices=[('parent_no', 'the parent would rather not'), ('buddy_no', 'the buddy would rather not'), ('no_click', 'no click after all'), ('practical', 'practical reasons'), ('consent_ended', 'consent has ended'), ('taken_back', 'proposed by mistake'), ('', 'not ended')], max_length=13, verbose_name='why not')),
                ('outcome', models.CharField(blank=True, choices=[('helped', 'it helped'), ('partly', 'it helped a little'), ('not_helped', 'it did not help'), ('unknown', 'not known'), ('', 'not ended')], max_length=10, verbose_name='outcome')),
                ('winding_down', models.BooleanField(default=False, verbose_name='to be rounded off')),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'match',
                'verbose_name_plural': 'matches',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='match_school_id'), school.constraints.TiedKey(field='request', name='match_request_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='theme', name='match_theme_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='parent', name='match_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='buddy', name='match_buddy_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='buddy_parent', name='match_buddy_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='parent_yes', name='match_parent_yes_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='buddy_yes', name='match_buddy_yes_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='match_recorded_by_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='ended_by', name='match_ended_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'waiting_for_parent', 'waiting_for_buddy', 'agreed', 'connected', 'completed', 'did_not_proceed'])), name='match_status'), models.CheckConstraint(condition=models.Q(('way__in', ['introduced', 'parent_contacts', ''])), name='match_way'), models.CheckConstraint(condition=models.Q(('tip_giver__in', ['coordinator', 'signaller', ''])), name='match_tip_giver'), models.CheckConstraint(condition=models.Q(('end_reason__in', ['parent_no', 'buddy_no', 'no_click', 'practical', 'consent_ended', 'taken_back', ''])), name='match_end_reason'), models.CheckConstraint(condition=models.Q(('outcome__in', ['helped', 'partly', 'not_helped', 'unknown', ''])), name='match_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('slot__isnull', False), ('status__in', ['proposed', 'waiting_for_parent', 'waiting_for_buddy', 'agreed', 'connected'])), models.Q(models.Q(('status__in', ['proposed', 'waiting_for_parent', 'waiting_for_buddy', 'agreed', 'connected']), _negated=True), ('slot', None)), _connector='OR'), name='match_live_holds_a_slot'), models.CheckConstraint(condition=models.Q(('slot', None), models.Q(('slot__gte', 1), ('slot__lte', 5)), _connector='OR'), name='match_slot_1_to_5'), models.UniqueConstraint(fields=('buddy', 'slot'), name='match_slot_once'), models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'waiting_for_parent', 'waiting_for_buddy', 'agreed', 'connected'])), fields=('request',), name='match_one_live_per_request'), models.CheckConstraint(condition=models.Q(('parent_yes__isnull', False), models.Q(('status__in', ['waiting_for_buddy', 'agreed', 'connected', 'completed']), _negated=True), _connector='OR'), name='match_parent_said_yes'), models.CheckConstraint(condition=models.Q(('buddy_yes__isnull', False), models.Q(('status__in', ['agreed', 'connected', 'completed']), _negated=True), _connector='OR'), name='match_buddy_said_yes'), models.CheckConstraint(condition=models.Q(('buddy_asked_at', None), ('parent_yes__isnull', False), _connector='OR'), name='match_parent_before_buddy'), models.CheckConstraint(condition=models.Q(models.Q(('connected_at__isnull', False), ('status__in', ['connected', 'completed']), models.Q(('way', ''), _negated=True)), models.Q(models.Q(('status__in', ['connected', 'completed']), _negated=True), ('connected_at', None), ('way', '')), _connector='OR'), name='match_connected_some_way'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('outcome', ''), ('status', 'did_not_proceed'), models.Q(('end_reason', ''), _negated=True)), models.Q(('end_reason', ''), ('ended_at__isnull', False), ('status', 'completed'), models.Q(('outcome', ''), _negated=True)), models.Q(('end_reason', ''), ('ended_at', None), ('outcome', ''), ('status__in', ['proposed', 'waiting_for_parent', 'waiting_for_buddy', 'agreed', 'connected'])), _connector='OR'), name='match_ended_with_reason'), models.CheckConstraint(condition=models.Q(('parent', models.F('buddy_parent')), _negated=True), name='match_two_people'), school.constraints.TiedKey(field='request', name='match_request_same_parent', ties={'parent': 'parent'}), school.constraints.TiedKey(field='buddy', name='match_buddy_same_parent', ties={'buddy_parent': 'parent'})],
            },
        ),
        migrations.AddField(
            model_name='consent',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='buddies.supportrequest'),
        ),
        migrations.AddField(
            model_name='consent',
            name='match',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='buddies.match'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=school.constraints.TiedKey(field='request', name='consent_request_same_school', ties={'school': 'school'}),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=school.constraints.TiedKey(field='match', name='consent_match_same_school', ties={'school': 'school'}),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'search'), ('request__isnull', False)), models.Q(models.Q(('purpose', 'search'), _negated=True), ('request__isnull', True)), _connector='OR'), name='consent_request_fits_purpose'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('match__isnull', False), ('purpose__in', ['match', 'share_contact', 'tell_teacher'])), models.Q(models.Q(('purpose__in', ['match', 'share_contact', 'tell_teacher']), _negated=True), ('match__isnull', True)), _connector='OR'), name='consent_match_fits_purpose'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('match__isnull', False), ('withdrawn_at', None)), fields=('match', 'parent', 'purpose'), name='consent_once_per_match'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=school.constraints.TiedKey(field='request', name='consent_request_same_parent', ties={'parent': 'parent'}),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('parent', 'request', 'id'), name='consent_parent_request_id'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('parent', 'match', 'id'), name='consent_parent_match_id'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=school.constraints.TiedKey(field='search_consent', name='supportrequest_own_search_consent', ties={'id': 'request', 'parent': 'parent'}),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=school.constraints.TiedKey(field='parent_yes', name='match_own_parent_yes', ties={'id': 'match', 'parent': 'parent'}),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=school.constraints.TiedKey(field='buddy_yes', name='match_own_buddy_yes', ties={'buddy_parent': 'parent', 'id': 'match'}),
        ),
        migrations.CreateModel(
            name='Experience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('buddy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.buddy')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.theme')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='buddies.consent')),
                ('words', school.fields.EncryptedTextField(blank=True, verbose_name='in a few words')),
            ],
            options={
                'verbose_name': 'experience',
                'verbose_name_plural': 'experiences',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='experience_school_id'), school.constraints.TiedKey(field='buddy', name='experience_buddy_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='parent', name='experience_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='theme', name='experience_theme_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='consent', name='experience_consent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='buddy', name='experience_buddy_same_parent', ties={'parent': 'parent'}), school.constraints.TiedKey(field='consent', name='experience_own_consent', ties={'parent': 'parent', 'theme': 'theme'}), models.UniqueConstraint(fields=('buddy', 'theme'), name='experience_theme_once')],
            },
        ),
        migrations.CreateModel(
            name='Background',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('parent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='school.parent')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, to='buddies.consent')),
                ('words', school.fields.EncryptedTextField(verbose_name="background, in the parent's own words")),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='background_school_id'), school.constraints.TiedKey(field='parent', name='background_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='consent', name='background_consent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='consent', name='background_own_consent', ties={'parent': 'parent'})],
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.supportrequest')),
                ('called', school.fields.EncryptedTextField(blank=True)),
                ('at', models.DateTimeField(editable=False)),
            ],
            options={
                'verbose_name': 'signal',
                'verbose_name_plural': 'signals',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='signal_school_id'), school.constraints.TiedKey(field='request', name='signal_request_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='signal_recorded_by_same_school', ties={'school': 'school'})],
            },
        ),
        migrations.CreateModel(
            name='DoNotAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='school.parent')),
                ('until', models.DateField(verbose_name='do not ask again until')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='donotask_school_id'), school.constraints.TiedKey(field='parent', name='donotask_parent_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='donotask_recorded_by_same_school', ties={'school': 'school'})],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('submission', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.supportrequest')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='buddies.organisation', verbose_name='organisation')),
                ('status', models.CharField(choices=[('discussed', 'discussed'), ('registered', 'registered'), ('completed', 'completed'), ('did_not_proceed', 'did not proceed')], max_length=16, verbose_name='status')),
                ('discussed_at', models.DateTimeField(editable=False)),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='referral_school_id'), school.constraints.TiedKey(field='request', name='referral_request_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='organisation', name='referral_organisation_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='referral_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('status__in', ['discussed', 'registered', 'completed', 'did_not_proceed'])), name='referral_status')],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='school.school')),
                ('match', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='buddies.match')),
                ('person', models.CharField(choices=[('parent', 'the parent'), ('buddy', 'the buddy')], max_length=6, verbose_name='with')),
                ('due_on', models.DateField(verbose_name='due')),
                ('answer', models.CharField(blank=True, choices=[('fine', 'going well'), ('attention', 'needs attention'), ('stop', 'wants to stop'), ('', 'not asked yet')], max_length=9, verbose_name='how it goes')),
                ('done_at', models.DateTimeField(null=True)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.membership')),
            ],
            options={
                'verbose_name': 'check-in',
                'verbose_name_plural': 'check-ins',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='checkin_school_id'), school.constraints.TiedKey(field='match', name='checkin_match_same_school', ties={'school': 'school'}), school.constraints.TiedKey(field='recorded_by', name='checkin_recorded_by_same_school', ties={'school': 'school'}), models.CheckConstraint(condition=models.Q(('person__in', ['parent', 'buddy'])), name='checkin_person'), models.CheckConstraint(condition=models.Q(('answer__in', ['fine', 'attention', 'stop', ''])), name='checkin_answer'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('done_at', None), ('recorded_by', None)), models.Q(models.Q(('done_at__isnull', False), ('recorded_by__isnull', False)), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='checkin_done_with_answer'), models.UniqueConstraint(fields=('match', 'person', 'due_on'), name='checkin_once')],
            },
        ),
    ]
